//! The long texts in which things are looked up: tables of places, lists of words. They are part of the program. In a browser,
//! with the feature `lent-texts`, whoever embeds the library keeps them, packed, and lends each when it is first asked for.

#[cfg(not(all(feature = "lent-texts", target_family = "wasm")))]
mod source {
    /// A text.
    pub(crate) struct Text(&'static str);

    impl Text {
        pub const fn new(text: &'static str) -> Text {
            Text(text)
        }

        /// The text, whole.
        pub fn get(&self) -> &'static str {
            self.0
        }
    }

    /// The text of a file of `src`; a second argument makes it of other texts, where it is not lent.
    macro_rules! text {
        ($path:expr) => {
            $crate::texts::Text::new(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/", $path)))
        };
        ($path:expr, $made:expr) => {
            $crate::texts::text!($path)
        };
    }

    pub(crate) use text;
}

#[cfg(all(feature = "lent-texts", target_family = "wasm"))]
mod source {
    use std::sync::OnceLock;

    /// Answers the text of a file of `src`, named as `reference/tables/communes.tsv`, if it is lent.
    pub type Lender = fn(&str) -> Option<&'static str>;

    static LENDER: OnceLock<Lender> = OnceLock::new();

    /// Says who lends the long texts; to be called before anything else, once.
    pub fn lend(lender: Lender) {
        let _ = LENDER.set(lender);
    }

    /// A text.
    pub(crate) struct Text {
        name: &'static str,
        made: Option<fn() -> String>,
        text: OnceLock<&'static str>,
    }

    impl Text {
        pub const fn new(name: &'static str, made: Option<fn() -> String>) -> Text {
            Text { name, made, text: OnceLock::new() }
        }

        /// The text, whole.
        pub fn get(&self) -> &'static str {
            self.text.get_or_init(|| {
                let lent = LENDER.get().and_then(|lender| lender(self.name));
                match (lent, self.made) {
                    (Some(text), _) => text,
                    (None, Some(made)) => made().leak(),
                    // Without it verdicts would be wrong.
                    (None, None) => panic!("the text {} is not lent", self.name),
                }
            })
        }
    }

    macro_rules! text {
        ($path:expr) => {
            $crate::texts::Text::new($path, None)
        };
        ($path:expr, $made:expr) => {
            $crate::texts::Text::new($path, Some($made))
        };
    }

    pub(crate) use text;
}

#[cfg(all(feature = "lent-texts", target_family = "wasm"))]
pub use source::{Lender, lend};
pub(crate) use source::{Text, text};
