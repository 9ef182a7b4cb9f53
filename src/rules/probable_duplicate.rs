//! Two records seem to be of the same PTCE.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "probable-duplicate",
    topic: Topic::Duplicates,
    level: Level::Warning,
    summary: Phrase {
        fr: "Deux fiches paraissent décrire le même pôle.",
        en: "Two records seem to describe the same hub.",
    },
    message: Phrase {
        fr: "Est-ce le même PTCE que dans {other} ? Points communs : {reasons} ({score} %).",
        en: "Is this the same PTCE as in {other}? In common: {reasons} ({score}%).",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Les fiches de même nom et de même commune, et celles de même SIRET, sont comparées sans \
             tenir compte de la casse, des accents ni de la ponctuation. La ressemblance ajoute ce \
             qu’elles ont en commun : nom 45 %, commune ou département 15 %, SIRET 35 %, courriel \
             20 %, voie 15 % ; elle est signalée à partir de 60 %. Un pôle décrit deux fois serait \
             compté deux fois. Gardez la fiche la plus complète, ou distinguez les noms si ce sont deux \
             pôles.",
        en: "Records of one name and commune, and records of one SIRET, are compared whatever their case, \
             accents and punctuation. The likeness adds up what they share: name 45%, commune or \
             department 15%, SIRET 35%, e-mail 20%, street 15%; it is told from 60% on. A hub described \
             twice would be counted twice. Keep the more complete record, or tell the names apart if they \
             are two hubs.",
    },
    basis: "",
    wrong: "nom,coordinateur_nom,coordinateur_siret,contact_1_courriel,adresse_voie,adresse_code_postal,adresse_commune
Fabriques du Quercy,Roue libre,99916408000015,contact@example.org,7 rue des Tanneurs,46100,Figeac
FABRIQUES DU QUERCY,Roue Libre,99916408000015,contact@example.org,7 rue des Tanneurs,46100,FIGEAC
",
    right: "nom,coordinateur_nom,coordinateur_siret,contact_1_courriel,adresse_voie,adresse_code_postal,adresse_commune
Fabriques du Quercy,Roue libre,99916408000015,contact@example.org,7 rue des Tanneurs,46100,Figeac
Ateliers du Trégor,Atelier du Trégor,73282932000074,trégor@example.org,2 quai des Sables,22300,Lannion
",
    check: Check::Dataset,
};
