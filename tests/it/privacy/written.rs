//! What people write as people do: objections, reasons, names with particles, births, homes.

use serde_json::json;

use super::{Ran, files_in, folder, ptce, ran};

const HIDDEN: &str = "[donnée personnelle retirée]";

/// Publishes one record with a contact and a text; answers how it went and what all files hold.
fn publish(contact: &str, text: &str, files: &[(&str, &[u8])], more: &[&str]) -> (Ran, String) {
    let record = json!([{
        "id": "a", "nom": "Pôle", "coordinateur": { "nom": "Association du pôle" }, "projet": { "resume": text },
        "contacts": [{ "nom": contact, "fonction": "tisseuse en chef", "courriel": "o.valdore@x.example.org",
                       "telephone": "06 39 98 12 34" }],
    }]);
    let place = folder(files);
    std::fs::write(place.path().join("fiches.json"), record.to_string()).unwrap();
    let arguments = ["convert", "fiches.json", "--to", "open-data", "-o", "jeu", "-q", "--lang", "fr"];
    let ran = ran(ptce().current_dir(place.path()).args(arguments).args(more));
    let package = place.path().join("jeu");
    let files = if package.exists() { files_in(&package) } else { Vec::new() };
    let held = files.into_iter().map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned());
    (ran, held.collect())
}

/// The summary as it is published, with `#` for what is taken out.
fn summary(contact: &str, text: &str) -> String {
    let (ran, held) = publish(contact, text, &[], &[]);
    assert_eq!(ran.code, 0, "{text}: {}", ran.stderr);
    let line = held.lines().find_map(|line| line.trim().strip_prefix("\"resume\": \"")).unwrap_or("").to_owned();
    line.trim_end_matches(['"', ',']).replace(HIDDEN, "#").replace("\\\"", "\"")
}

#[test]
fn an_objection_is_heeded_as_people_write_it() {
    let consents = ("accords.csv", "valeur,date,preuve\nOdile Valdoré,2024-01-02,dossier 12\n".as_bytes());
    for (objection, code) in [
        ("O. Valdoré", 0),
        ("Mme Valdoré", 0),
        ("VALDORÉ, Odile", 0),
        ("Odile Valdoré <o.valdore@x.example.org>", 0),
        ("Odile Valdoré (directrice)", 0),
        ("Odile Marie Valdoré", 0),
        ("mailto:o.valdore@x.example.org", 0),
        ("tél. 06 39 98 12 34", 0),
        // A slip, and somebody else.
        ("Odile Valdorée", 1),
        ("Paul Valdoré", 1),
    ] {
        let list = format!("valeur\n\"{objection}\"\n");
        let (ran, held) = publish(
            "Odile Valdoré",
            "Un texte.",
            &[consents, ("refus.csv", list.as_bytes())],
            &["--consents", "accords.csv", "--objections", "refus.csv"],
        );
        assert_eq!(ran.code, code, "{objection}: {}", ran.stderr);
        for own in ["Valdoré", "tisseuse", "o.valdore", "06 39 98 12 34"] {
            assert_eq!(held.contains(own), code == 1, "{objection}: {own}");
        }
        assert_eq!(ran.stderr.contains("refus.csv:2"), code == 1, "{}", ran.stderr);
    }
    let (ran, _) = publish("Odile Valdoré", "", &[("refus.csv", b"valeur\n")], &["--objections", "refus.csv"]);
    assert!(ran.stderr.contains("est vide"), "{}", ran.stderr);
}

/// The reason of a decision is published: it names nobody whom another decision withholds, by any part of the name.
#[test]
fn a_reason_tells_nobody_who_is_withheld() {
    let text = "Avec Odile Valdoré. Avec Paul Quintal. Odile Valdoré revient.";
    let place = folder(&[]);
    let record =
        json!([{ "nom": "Pôle", "coordinateur": { "nom": "Association du pôle" }, "projet": { "resume": text } }]);
    std::fs::write(place.path().join("fiches.json"), record.to_string()).unwrap();
    let publish = |more: &[&str]| {
        let arguments = ["convert", "fiches.json", "--to", "open-data", "-o", "jeu", "-q", "--lang", "fr", "--force"];
        ran(ptce().current_dir(place.path()).args(arguments).args(more))
    };
    assert_eq!(publish(&[]).code, 0);
    let list = std::fs::read_to_string(place.path().join("a-verifier.csv")).unwrap();
    for (reason, code) in [
        ("conjoint d’Odile Valdoré", 2),
        ("conjoint de Valdoré", 2),
        ("Odile ne veut pas", 2),
        ("O. Valdoré", 2),
        ("refus écrit", 0),
    ] {
        let decided: Vec<String> = list
            .lines()
            .map(|line| match line {
                line if line.contains(";Avec Odile") => line.replacen(";;;", ";retirer;refus;", 1),
                line if line.contains(";Avec Paul") => line.replacen(";;;", &format!(";retirer;{reason};"), 1),
                line => line.to_owned(),
            })
            .collect();
        std::fs::write(place.path().join("decisions.csv"), decided.join("\r\n")).unwrap();
        let ran = publish(&["--decisions", "decisions.csv"]);
        assert_eq!(ran.code, code, "{reason}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("decisions.csv:3"), code == 2, "{reason}: {}", ran.stderr);
    }
    // Whom a decision withholds is in no other sentence either.
    let held = std::fs::read_to_string(place.path().join("jeu/ptce.json")).unwrap();
    assert!(!held.contains("Valdoré") && held.contains("revient"), "{held}");
    // Nor in the same sentence, once it has changed; a list without the mentions says nothing of other sentences.
    let changed = record.to_string().replace("Avec Odile Valdoré.", "Grâce à Odile Valdoré, en mai.");
    std::fs::write(place.path().join("fiches.json"), changed.replace("Odile Valdoré revient.", "")).unwrap();
    for (keep, is_withheld) in [(true, true), (false, false)] {
        let decisions = "\u{feff}cle;decision;motif;mention\n0;retirer;refus;Odile Valdoré\n";
        let decisions = if keep { decisions.to_owned() } else { decisions.replace(";mention", ";m") };
        std::fs::write(place.path().join("decisions.csv"), decisions).unwrap();
        assert_eq!(publish(&["--decisions", "decisions.csv"]).code, 0);
        let held = std::fs::read_to_string(place.path().join("jeu/ptce.json")).unwrap();
        assert_eq!(!held.contains("Valdoré"), is_withheld, "{held}");
    }
}

#[test]
fn a_surname_with_a_particle_is_found_alone() {
    for (text, expected) in [
        ("Le Valdoré signe.", "# signe."),
        ("LE VALDORÉ signe.", "# signe."),
        ("Hier, les Le Valdoré signent.", "Hier, les # signent."),
        ("Vu Le Valdoré (Yann) hier.", "Vu # (#) hier."),
        ("Vu Yann **Le Valdoré** hier.", "Vu # **#** hier."),
        ("Vu Yann « Yo » Le Valdoré hier.", "Vu # hier."),
        ("Levaldoré signe.", "# signe."),
        ("Le bois de Die.", "Le bois de Die."),
    ] {
        assert_eq!(summary("Yann Le Valdoré", text), expected);
    }
    assert_eq!(
        summary("Marie de La Tour", "On monte à La Tour, la tour de Die."),
        "On monte à La Tour, la tour de Die."
    );
    // What a program escaped twice.
    assert_eq!(summary("Jean-Baptiste Valdoré", r"Vu Jean\u002dBaptiste Valdoré ici."), "Vu # ici.");
}

#[test]
fn what_says_that_it_is_of_somebody_is_certain() {
    for (text, expected) in [
        ("Née le 12/03/1984.", "Née le #."),
        ("NÉE LE 12/03/1984 À LENS", "NÉE LE # À LENS"),
        ("Nés le 12/03/1984 et le 14/05/1986.", "Nés le # et le #."),
        ("La SCIC, née le 3 mai 1999, gère un moulin.", "="),
        ("Au domicile de la présidente, 5 lotissement Les Acacias, Die.", "Au domicile de la présidente, #, Die."),
        ("Chez la trésorière, 12 rue Neuve.", "Chez la trésorière, #."),
        ("Mme Odile Quintal née Delépinoy est élue.", "# née # est élue."),
        ("Mme Quintal (épouse Trubertin) est élue.", "# (épouse #) est élue."),
        ("Mme veuve Trubertin loue.", "# loue."),
        ("Les époux Trubertin louent.", "Les # louent."),
        ("Co-présidents : Erwan Talhouarn, Maddi Harriague et Sampiero Leca.", "Co-présidents : #, # et #."),
        ("Mme Truptil préside. Truptil vend.", "# préside. # vend."),
        ("Avec monsieur trubertin et mr trubertin.", "Avec # et #."),
        ("La Docteure Trubertin et Prof. Trubertin.", "La # et #."),
        ("Sivakoumar Rangassamy, directeur du pôle, signe.", "#, directeur du pôle, signe."),
        ("Chef de projet KANAKÉ Boaouva.", "Chef de projet #."),
        ("Gérant : SAS Ferme Urbaine", "="),
        ("Emmaüs Figeac, gestionnaire du lieu.", "="),
        ("Effectifs 2018-2022 : 02 04 06 08 10", "="),
        ("N° de marché 04.26.11.22.33", "="),
        ("Horaires 09 00 12 00 14 00 18 00.", "="),
        ("Parcelles 0612345678 et 0612345679.", "="),
        ("La famille et les amis, les époux et la veuve.", "="),
        ("Familles Rurales et Famille Solidaire.", "="),
        ("Ils ne sont que 12 en 1984.", "="),
    ] {
        assert_eq!(summary("", text), if expected == "=" { text } else { expected });
    }
}

/// What the description of a publication says of people is told, and refused where a record withholds them.
#[test]
fn a_description_tells_nobody() {
    let description = "description = \"Écrire à o.valdore@x.example.org\"\n[[figures]]\nvalue = \"3\"\nlabel = \"ateliers de Mme Quintal\"\n";
    let place = folder(&[
        ("jeu.toml", description.as_bytes()),
        ("fiches.json", b"[{\"nom\": \"P\", \"coordinateur\": {\"nom\": \"Association\"}}]"),
    ]);
    let arguments =
        ["convert", "fiches.json", "--to", "open-data", "-o", "jeu", "--metadata", "jeu.toml", "--lang", "fr"];
    let ran = ran(ptce().current_dir(place.path()).args(arguments));
    for key in ["description", "figures"] {
        assert!(
            ran.stderr.contains(&format!("« {key} »")) || ran.stderr.contains(&format!("«\u{a0}{key}\u{a0}»")),
            "{}",
            ran.stderr
        );
    }
    let label = "[[figures]]\nvalue = \"3\"\nlabel = \"ateliers d’Odile Valdoré\"\n";
    let (ran, _) = publish("Odile Valdoré", "", &[("jeu.toml", label.as_bytes())], &["--metadata", "jeu.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("métadonnées") && ran.stderr.contains("figures"), "{}", ran.stderr);
}
