//! What is missing, of another type or form, and what a submission lacks.

use ptce::reference::regions::RegionSet;
use ptce::settings::Profile;
use serde_json::{Value, json};

use super::{Broken, Defect};
use crate::quality::random::{Random, shouted};
use crate::quality::world::organisations::{COMPANIES, ESS, PUBLIC};
use crate::quality::world::{Base, Wish, World};

fn any(world: &World, random: &mut Random) -> Base {
    world.base(random, &Wish::default())
}

fn submission(world: &World, random: &mut Random) -> Base {
    world.base(random, &Wish { profile: Some(Profile::Submission), ..Wish::default() })
}

/// A value left out, empty, or of blanks: all the same.
fn emptied(random: &mut Random, base: Base, pointer: &str) -> Option<Broken> {
    match random.below(4) {
        0 => Broken::of(base).put(pointer, ""),
        1 => Broken::of(base).put(pointer, " \u{a0} "),
        2 => Broken::of(base).put(pointer, Value::Null),
        _ => Some(Broken::of(base).cut(pointer)),
    }
}

pub const NAMES: &[Defect] = &[Defect::new("missing-name", "no name", |world, random| {
    let base = any(world, random);
    emptied(random, base, "/nom")
})];

pub const COORDINATORS: &[Defect] = &[
    Defect::new("missing-coordinator", "no name", |world, random| {
        let base = any(world, random);
        emptied(random, base, "/coordinateur/nom")
    }),
    Defect::new("missing-coordinator", "nothing at all, of a laureate", |world, random| {
        let base = world.base(random, &Wish { profile: Some(Profile::Laureate), ..Wish::default() });
        Some(Broken::of(base).cut("/coordinateur").or_at("/coordinateur/nom"))
    }),
    // A submission without a coordinator lacks an element that the call asks for, and perhaps its only member.
    Defect::new("missing-coordinator", "nothing at all, of a submission", |world, random| {
        Some(Broken::of(submission(world, random)).cut("/coordinateur").or_at("/coordinateur/nom"))
    })
    .also(&["incomplete-dossier", "no-ess-member", "no-enterprise-member", "no-public-or-research-member"]),
];

pub const CONTACTS: &[Defect] = &[
    Defect::new("missing-contact", "none", |world, random| Some(Broken::of(any(world, random)).cut("/contacts"))),
    Defect::new("missing-contact", "an empty one", |world, random| {
        Broken::of(any(world, random)).put("/contacts", json!([{"nom": "", "courriel": " "}]))
    }),
];

pub const EMAILS: &[Defect] = &[
    Defect::new("contact-without-email", "of one contact", |world, random| {
        let mut base = any(world, random);
        let first = base.value["contacts"][0].clone();
        base.set("/contacts", json!([first]));
        emptied(random, base, "/contacts/0/courriel")
    }),
    Defect::new("contact-without-email", "of two contacts", |world, random| {
        let mut base = any(world, random);
        let first = base.value["contacts"][0].clone();
        base.set("/contacts", json!([first, {"nom": "Zoé Payet", "telephone": "01 99 00 12 34"}]));
        emptied(random, base, "/contacts/0/courriel")
    }),
];

pub const ADDRESSES: &[Defect] =
    &[Defect::new("contact-without-address", "none", |world, random| match random.chance(50) {
        true => Some(Broken::of(any(world, random)).cut("/adresse")),
        false => Broken::of(any(world, random)).put("/adresse", json!({"voie": "", "commune": " "})),
    })];

pub const POSTAL_CODES: &[Defect] = &[
    Defect::new("missing-postal-code", "of an ordinary address", |world, random| {
        let base = world.base(random, &Wish { cedex: Some(false), ..Wish::default() });
        emptied(random, base, "/adresse/code_postal")
    }),
    Defect::new("missing-postal-code", "of a CEDEX", |world, random| {
        let base = world.base(random, &Wish { cedex: Some(true), ..Wish::default() });
        emptied(random, base, "/adresse/code_postal")
    }),
    Defect::new("missing-postal-code", "of a street alone", |world, random| {
        let base = world.base(random, &Wish { cedex: Some(false), ..Wish::default() });
        let street = base.text("/adresse/voie")?.to_owned();
        let mut broken = Broken::of(base).with("/adresse", json!({"voie": street}));
        broken.at.push("/adresse/code_postal".to_owned());
        Some(broken)
    }),
    Defect::new("missing-postal-code", "without a department", |world, random| {
        let base = world.base(random, &Wish { cedex: Some(false), ..Wish::default() });
        Some(Broken::of(base).without("/territoire/departements").cut("/adresse/code_postal"))
    })
    // Taken out, so that the name of the commune has to tell it alone.
    .also(&["missing-department"]),
];

pub const REGIONS: &[Defect] = &[Defect::new("missing-region", "none", |world, random| match random.chance(50) {
    true => Some(Broken::of(any(world, random)).cut("/region")),
    false => Broken::of(any(world, random)).put("/region", json!({"nom": " "})),
})];

pub const DEPARTMENTS: &[Defect] =
    &[Defect::new("missing-department", "none", |world, random| match random.chance(50) {
        true => Some(Broken::of(any(world, random)).cut("/territoire/departements")),
        false => Broken::of(any(world, random)).put("/territoire/departements", json!([{"code": "", "nom": " "}])),
    })];

pub const VALUES: &[Defect] = &[Defect::new("missing-value", "a partner without a name", |world, random| {
    let base = any(world, random);
    let rank = random.below(base.value["partenaires"].as_array()?.len());
    emptied(random, base, &format!("/partenaires/{rank}/nom"))
})];

pub const TYPES: &[Defect] = &[
    Defect::new("wrong-type", "words", |world, random| {
        let at = random.pick(&["/emploi/etp", "/emploi/salaries", "/emploi/creations_prevues"]);
        let texts =
            ["une douzaine", "environ 12", "cinq", "plus de 10", "une vingtaine", "10 environ", "~12", "douze et demi"];
        Broken::of(any(world, random)).put(at, random.pick(&texts))
    }),
    Defect::new("wrong-type", "a unit", |world, random| {
        let at = random.pick(&["/emploi/etp", "/emploi/salaries", "/emploi/creations_prevues"]);
        let count = random.below(30);
        let text = match random.below(4) {
            0 => format!("{count} CDI"),
            1 => format!("{count} stagiaires"),
            2 => format!("{count}-{}", count + 3),
            _ => format!("{count} à {}", count + 2),
        };
        Broken::of(any(world, random)).put(at, text)
    }),
    Defect::new("wrong-type", "an amount", |world, random| {
        let base = world.base(random, &Wish { profile: Some(Profile::Laureate), ..Wish::default() });
        let count = 1 + random.below(300);
        let text = match random.below(4) {
            0 => format!("{count} 000 € HT"),
            1 => format!("{count} 12"),
            2 => "cent mille".to_owned(),
            _ => format!("{count}.00.000"),
        };
        Broken::of(base).put("/appel/montant", text)
    }),
];

macro_rules! invalid {
    ($($kind:literal, $at:literal: $text:expr,)*) => {
        &[$(Defect::new("invalid-value", $kind, |world, random| {
            let base = world.base(random, &Wish { profile: Some(Profile::Laureate), cedex: Some(true), ..Wish::default() });
            let text: fn(&mut Random, &Base) -> Option<Value> = $text;
            let text = text(random, &base)?;
            Broken::of(base).put($at, text)
        }),)*]
    };
}

pub const INVALID: &[Defect] = invalid! {
    "identifier", "/id": |_, base| Some(shouted(base.text("/id")?).replace('-', " ").into()),
    "accents in the identifier", "/id": |_, base| Some(base.text("/id")?.replace("pole", "pôle").into()),
    "status", "/appel/statut": |random, _| Some((*random.pick(&[&"gagnant", &"peut-être", &"en cours", &"2e session"])).into()),
    "kind", "/appel/type": |random, _| Some((*random.pick(&[&"en création", &"PTCE", &"autre"])).into()),
    "no such day", "/appel/date_annonce": |random, base| {
        let year = &base.text("/appel/date_annonce")?[..4];
        Some(format!("{year}-{}", random.pick(&["13-15", "02-30", "00-10", "11-31"])).into())
    },
    "month alone", "/appel/date_annonce": |_, base| Some(base.text("/appel/date_annonce")?[..7].into()),
    "site without a host", "/site_web": |random, _| {
        Some((*random.pick(&[&"https://", &"http://www", &"https://exemple", &"https://www/exemple.org"])).into())
    },
    "mailbox for a site", "/site_web": |random, _| Some(format!("contact{}@example.org", random.below(100)).into()),
    "words for a site", "/site_web": |random, _| Some((*random.pick(&[&"en construction", &"notre page Facebook", &"voir le blog"])).into()),
    "number below nothing", "/emploi/salaries": |random, _| Some(json!(-1 - random.below(20) as i64)),
    "half an employee", "/emploi/salaries": |random, _| Some(json!(random.below(20) as f64 + 0.5)),
    "category", "/partenaires/0/categorie": |random, _| Some((*random.pick(&[&"mécène", &"divers et autres", &"SARL", &"bénévole"])).into()),
    "priority", "/territoire/priorites/0": |random, base| {
        base.text("/territoire/priorites/0")?;
        Some(random.pick(&["montagne", "littoral", "zone_verte"]).into())
    },
    "INSEE code of six digits", "/territoire/communes/0/code_insee": |random, base| {
        Some(format!("{}{}", base.commune.code, random.below(10)).into())
    },
    "INSEE code with a letter", "/territoire/communes/0/code_insee": |_, base| {
        Some(format!("{}A{}", &base.commune.code[..3], &base.commune.code[4..]).into())
    },
    "CEDEX misspelt", "/adresse/cedex": |random, _| Some((*random.pick(&[&"CEDX", &"Cedex B", &"CEDEX 123"])).into()),
};

/// A submission with that coordinator and partners of these categories alone.
fn grouped(world: &World, random: &mut Random, forms: &[&str], categories: &[&str]) -> Option<Broken> {
    let base = submission(world, random);
    let form = random.pick(forms);
    let partners: Vec<Value> = categories
        .iter()
        .enumerate()
        .map(|(rank, one)| json!({"nom": format!("Structure {rank}"), "categorie": one}))
        .collect();
    Broken::of(base).with("/coordinateur/forme_juridique", form).put("/partenaires", partners)
}

pub const WITHOUT_ESS: &[Defect] = &[
    Defect::new("no-ess-member", "led by a company", |world, random| {
        grouped(world, random, COMPANIES, &["entreprise", "collectivite", "recherche"])
    }),
    Defect::new("no-ess-member", "led by a public body", |world, random| {
        grouped(world, random, PUBLIC, &["entreprise", "formation", "financeur"])
    }),
];

pub const WITHOUT_ENTERPRISE: &[Defect] = &[
    Defect::new("no-enterprise-member", "led by a member of the social economy", |world, random| {
        grouped(world, random, ESS, &["ess", "collectivite", "recherche"])
    }),
    Defect::new("no-enterprise-member", "led by a public body", |world, random| {
        grouped(world, random, PUBLIC, &["ess", "formation"])
    }),
];

pub const WITHOUT_PUBLIC: &[Defect] = &[
    Defect::new("no-public-or-research-member", "led by a member of the social economy", |world, random| {
        grouped(world, random, ESS, &["ess", "entreprise", "financeur"])
    }),
    Defect::new("no-public-or-research-member", "led by a company", |world, random| {
        grouped(world, random, COMPANIES, &["ess", "autre"])
    }),
];

pub const INCOMPLETE: &[Defect] = &[
    Defect::new("incomplete-dossier", "a text", |world, random| {
        let at = random.pick(&["/calendrier", "/financement", "/evaluation", "/mise_en_reseau", "/politiques_locales"]);
        let base = submission(world, random);
        emptied(random, base, at)
    }),
    Defect::new("incomplete-dossier", "objectives", |world, random| {
        Some(Broken::of(submission(world, random)).cut("/projet/objectifs"))
    }),
    // No member at all is neither of the social economy, nor a company, nor a public body.
    Defect::new("incomplete-dossier", "partners", |world, random| {
        Some(Broken::of(submission(world, random)).cut("/partenaires"))
    })
    .also(&["no-ess-member", "no-enterprise-member", "no-public-or-research-member"]),
    // No territory has no department.
    Defect::new("incomplete-dossier", "territory", |world, random| {
        let base = world.base(
            random,
            &Wish { profile: Some(Profile::Submission), set: Some(RegionSet::Present), ..Wish::default() },
        );
        Some(Broken::of(base).cut("/territoire"))
    })
    .also(&["missing-department"]),
];
