//! The head of the page: what it tells browsers, search engines and social networks.

use jiff::civil::Date;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::html::{Html, french, html};
use super::view::View;
use crate::schema::table::licence;

pub(super) const STYLE: &str = include_str!("page.css");
pub(super) const SCRIPT: &str = include_str!("page.js");

/// A point of the map.
const ICON: &str = "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20\
    viewBox=%220%200%2016%2016%22%3E\
    %3Ccircle%20cx=%228%22%20cy=%228%22%20r=%227%22%20fill=%22%232b3a8f%22/%3E\
    %3Ccircle%20cx=%228%22%20cy=%228%22%20r=%222.5%22%20fill=%22%23fff%22/%3E%3C/svg%3E";

impl View<'_> {
    /// Writes the head, with a policy that forbids the page whatever it does not need.
    pub(super) fn head(&self, out: &mut Html, files: &[(&str, &str, u64)]) {
        let metadata = self.metadata;
        html!(out, "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src &#39;sha256-"
            (sha256_base64(STYLE)) "&#39;; script-src &#39;sha256-" (sha256_base64(SCRIPT))
            "&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            "<title>" (french(&metadata.title)) "</title>\n"
            "<meta name=\"description\" content=\"" (french(&metadata.description)) "\">\n"
            "<meta property=\"og:type\" content=\"website\">\n<meta property=\"og:locale\" content=\"fr_FR\">\n"
            "<meta property=\"og:title\" content=\"" (french(&metadata.title)) "\">\n"
            "<meta property=\"og:description\" content=\"" (french(&metadata.description)) "\">\n"
            // A page without an icon makes the browser ask for one.
            "<link rel=\"icon\" href=\"" (ICON) "\">\n"
            "<script type=\"application/ld+json\">" [Html::of_json(&self.dataset(files))] "</script>\n"
            "<style>" [Html::of_file(STYLE)] "</style>\n</head>\n");
    }

    /// The data set as search engines read it (schema.org).
    fn dataset(&self, files: &[(&str, &str, u64)]) -> Value {
        let metadata = self.metadata;
        let mut dataset = json!({
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": metadata.title,
            "description": metadata.description,
            "inLanguage": "fr",
            "isAccessibleForFree": true,
            "license": licence()["path"],
            "keywords": metadata.keywords,
            "spatialCoverage": { "@type": "Place", "name": metadata.coverage.area },
        });
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                dataset[key] = value;
            }
        };
        let publisher = metadata.publisher.as_ref().map(|name| json!({ "@type": "Organization", "name": name }));
        set("creator", publisher.clone());
        set("publisher", publisher);
        set("url", metadata.homepage.as_deref().or(metadata.base_url.as_deref()).map(Value::from));
        set("datePublished", metadata.issued.map(|day| day.to_string().into()));
        set("dateModified", metadata.updated.map(|day| day.to_string().into()));
        let (start, end) = (metadata.coverage.start, metadata.coverage.end);
        let bound = |day: Option<Date>| day.map_or_else(|| "..".to_owned(), |day| day.to_string());
        let covers = start.is_some() || end.is_some();
        set("temporalCoverage", covers.then(|| format!("{}/{}", bound(start), bound(end)).into()));
        let base = metadata.base_url.as_deref().unwrap_or_default();
        let distribution = files.iter().map(|(name, description, bytes)| {
            json!({
                "@type": "DataDownload",
                "name": name,
                "description": description,
                "contentUrl": format!("{base}{name}"),
                "contentSize": format!("{bytes} B"),
            })
        });
        set("distribution", (!files.is_empty()).then(|| distribution.collect()));
        dataset
    }
}

/// The hash by which the policy of the page knows its style and its script.
pub(super) fn sha256_base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for bytes in Sha256::digest(text).chunks(3) {
        let number =
            bytes.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte)) << (8 * (3 - bytes.len()));
        for rank in 0..4 {
            let digit = char::from(DIGITS[number >> (18 - 6 * rank) & 63]);
            out.push(if rank > bytes.len() { '=' } else { digit });
        }
    }
    out
}
