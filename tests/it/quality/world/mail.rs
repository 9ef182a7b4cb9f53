//! Mailboxes that nobody has, at domains of every kind.

use crate::quality::random::Random;

/// Domains of everybody's mail, of examples, and real ones that look like slips.
pub const DOMAINS: &[&str] = &[
    "example.org",
    "example.com",
    "pole-bois.example.org",
    "mail.example.com",
    "gmail.com",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "laposte.net",
    "hotmail.fr",
    "hotmail.com",
    "outlook.fr",
    "outlook.com",
    "yahoo.fr",
    "yahoo.com",
    "sfr.fr",
    "bbox.fr",
    "icloud.com",
    "protonmail.com",
    "live.fr",
    "neuf.fr",
    "numericable.fr",
    "aol.com",
    "gmx.fr",
    "gmx.net",
    "mail.com",
    "email.com",
    "ymail.com",
    "googlemail.com",
    "hotmail.be",
    "hotmail.co.uk",
    "yahoo.co.uk",
    "yahoo.ca",
    "yahoo.de",
    "outlook.be",
    "live.be",
    "orange.com",
    "orange.be",
    "grange.fr",
    "orage.fr",
    "livre.fr",
    "laposte.fr",
    "proton.me",
    "pm.me",
    "caramail.com",
    "skynet.be",
    "bluewin.ch",
    "mailo.com",
    "vieuxfree.fr",
    "tutanota.com",
    "rocketmail.com",
    "netcourrier.com",
    "aliceadsl.fr",
    "cegetel.net",
    "ac-lyon.fr",
    "education.gouv.fr",
    "example.coop",
    "example.re",
    "example.nc",
    "coopération.example.org",
];

/// The start of a mailbox that nobody has.
pub fn mailbox(random: &mut Random, rank: usize) -> String {
    match random.below(6) {
        0 => format!("contact.exemple{rank}"),
        1 => format!("exemple-{rank}+ptce"),
        2 => format!("o'exemple_{rank}"),
        3 => format!("EXEMPLE.{rank}"),
        4 => format!("l.exemple{rank}"),
        _ => format!("{rank}.direction.exemple"),
    }
}

pub(super) fn email(random: &mut Random, rank: usize) -> String {
    format!("{}@{}", mailbox(random, rank), random.pick(DOMAINS))
}
