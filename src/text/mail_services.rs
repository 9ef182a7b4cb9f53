//! Domains of the great mail services, and how people misspell them.

/// The great mail services. One letter added, left out, changed or swapped gives no domain that a PTCE would own, as it
/// would for shorter names: `fre.fr`, `livre.fr`.
static SERVICES: &[&str] = &[
    "club-internet.fr",
    "gmail.com",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "numericable.fr",
    "orange.fr",
    "outlook.com",
    "outlook.fr",
    "protonmail.com",
    "wanadoo.fr",
    "yahoo.com",
    "yahoo.fr",
];

/// Words that are one letter away from a service, and domains of their own.
static OTHERS: &[&str] = &["orage.fr"];

/// Misspelt domains that differ otherwise, and the right ones.
static DOMAINS: &[(&str, &str)] = &[
    ("aol.co", "aol.com"),
    ("bbox.com", "bbox.fr"),
    ("fre.fr", "free.fr"),
    ("free.com", "free.fr"),
    ("free.f", "free.fr"),
    ("gmail", "gmail.com"),
    ("gmail.cm", "gmail.com"),
    ("gmail.co", "gmail.com"),
    ("gmail.fr", "gmail.com"),
    ("gmail.om", "gmail.com"),
    ("gmaill.com", "gmail.com"),
    ("hotmail.co", "hotmail.com"),
    ("hotmail.f", "hotmail.fr"),
    ("icloud", "icloud.com"),
    ("laposte", "laposte.net"),
    ("laposte.com", "laposte.net"),
    ("laposte.ne", "laposte.net"),
    ("live.f", "live.fr"),
    ("orange", "orange.fr"),
    ("orange.f", "orange.fr"),
    ("outlook.f", "outlook.fr"),
    ("sfr.f", "sfr.fr"),
    ("wanadoo", "wanadoo.fr"),
    ("wanadoo.com", "wanadoo.fr"),
    ("wanadoo.f", "wanadoo.fr"),
    ("yahoo.co", "yahoo.com"),
    ("yahoo.f", "yahoo.fr"),
];

/// Ends that no domain has, with a letter beside the right one on the keyboard, two that are swapped or one that is doubled, and
/// the ones they stand for.
const ENDS: &[(&str, &str)] = &[
    ("ccom", "com"),
    ("cmo", "com"),
    ("comm", "com"),
    ("con", "com"),
    ("coom", "com"),
    ("cpm", "com"),
    ("dr", "fr"),
    ("ent", "net"),
    ("fe", "fr"),
    ("ff", "fr"),
    ("ffr", "fr"),
    ("frr", "fr"),
    ("ft", "fr"),
    ("neet", "net"),
    ("nett", "net"),
    ("nnet", "net"),
    ("nte", "net"),
    ("ocm", "com"),
    ("ogr", "org"),
    ("oorg", "org"),
    ("orf", "org"),
    ("orgg", "org"),
    ("orrg", "org"),
    ("rf", "fr"),
    ("rog", "org"),
    ("vom", "com"),
    ("xom", "com"),
];

/// The same as numbers, which are compared at once.
static ENDS_AS_NUMBERS: [u32; ENDS.len()] = {
    let mut numbers = [0; ENDS.len()];
    let mut at = 0;
    while at < ENDS.len() {
        numbers[at] = number_of(ENDS[at].0.as_bytes());
        at += 1;
    }
    numbers
};

/// The letters of an end, in small ones, as one number; 0 for an end that is longer than any in the list.
const fn number_of(end: &[u8]) -> u32 {
    let (mut number, mut at) = (0, 0);
    while at < end.len() && end.len() <= 4 {
        number = number << 8 | end[at].to_ascii_lowercase() as u32;
        at += 1;
    }
    number
}

/// Bytes of the longest domain of the lists, and one more for a slip.
const LONGEST: usize = {
    let mut longest = 0;
    let mut at = 0;
    while at < DOMAINS.len() {
        longest = if DOMAINS[at].0.len() > longest { DOMAINS[at].0.len() } else { longest };
        at += 1;
    }
    at = 0;
    while at < SERVICES.len() {
        longest = if SERVICES[at].len() > longest { SERVICES[at].len() } else { longest };
        at += 1;
    }
    longest + 1
};

/// The domain that a misspelt one stands for.
pub(crate) fn right_domain(domain: &str) -> Option<String> {
    let (before, end) = domain.rsplit_once('.').unwrap_or((domain, ""));
    let number = number_of(end.as_bytes());
    let wrong = ENDS_AS_NUMBERS.iter().position(|wrong| *wrong == number && number != 0);
    if let Some((_, right)) = wrong.map(|at| ENDS[at]) {
        let mended = format!("{before}.{right}");
        return Some(right_domain(&mended).unwrap_or(mended));
    }
    // Most domains are those of organisations, which are longer than any of these and no slip of one.
    if domain.len() > LONGEST {
        return None;
    }
    if let Some((_, right)) = DOMAINS.iter().find(|(wrong, _)| wrong.eq_ignore_ascii_case(domain)) {
        return Some((*right).to_owned());
    }
    if SERVICES.iter().chain(OTHERS).any(|known| known.eq_ignore_ascii_case(domain)) {
        return None;
    }
    let meant = SERVICES.iter().find(|service| is_slip(domain, service))?;
    Some((*meant).to_owned())
}

/// Whether `domain` is `service` but for one letter of its name or its full stop. Slips spare the first letter, unless
/// it is swapped with the next; and another letter behind the name makes another word: `oranges.fr`.
fn is_slip(domain: &str, service: &str) -> bool {
    let (domain, service) = (domain.as_bytes(), service.as_bytes());
    let same = |a: &[u8], b: &[u8]| a.eq_ignore_ascii_case(b);
    let start = domain.iter().zip(service).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    let (a, b) = (&domain[start..], &service[start..]);
    let Some(name) = service.iter().position(|byte| *byte == b'.').filter(|name| start <= *name) else {
        return false;
    };
    let swapped = start + 1 < name && a.len() > 1 && same(&[a[1], a[0]], &b[..2]) && same(&a[2..], &b[2..]);
    if start == 0 {
        return swapped;
    }
    let left_out = same(a, &b[1..]);
    let in_name = start < name && !a.is_empty();
    let doubled = start == name && a.first().is_some_and(|letter| same(&[*letter], &service[name - 1..name]));
    let added = (in_name || doubled) && same(&a[1..], b);
    let changed = in_name && same(&a[1..], &b[1..]);
    left_out || added || changed || swapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sound() {
        assert!(DOMAINS.is_sorted_by(|a, b| a.0 < b.0) && ENDS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(SERVICES.is_sorted());
        for (wrong, right) in DOMAINS {
            assert_eq!(right_domain(wrong).as_deref(), Some(*right));
            assert_eq!(right_domain(right), None, "{right}");
        }
    }

    #[test]
    fn slips_are_seen() {
        for (wrong, right) in [
            ("gmial.com", "gmail.com"),
            ("GMAL.com", "gmail.com"),
            ("gamil.com", "gmail.com"),
            ("gnail.com", "gmail.com"),
            ("gmai.com", "gmail.com"),
            ("gmail.con", "gmail.com"),
            ("gmial.con", "gmail.com"),
            ("gmailcom", "gmail.com"),
            ("hotmial.fr", "hotmail.fr"),
            ("htomail.com", "hotmail.com"),
            ("hotmai.com", "hotmail.com"),
            ("lapost.net", "laposte.net"),
            ("oange.fr", "orange.fr"),
            ("orang.fr", "orange.fr"),
            ("ornage.fr", "orange.fr"),
            ("orangefr", "orange.fr"),
            ("orange.ft", "orange.fr"),
            ("orange.fe", "orange.fr"),
            ("outlok.fr", "outlook.fr"),
            ("outloo.com", "outlook.com"),
            ("wanado.fr", "wanadoo.fr"),
            ("wandoo.fr", "wanadoo.fr"),
            ("yaho.fr", "yahoo.fr"),
            ("yhaoo.fr", "yahoo.fr"),
            ("ayhoo.fr", "yahoo.fr"),
            ("mgail.com", "gmail.com"),
            ("yahooo.com", "yahoo.com"),
            ("orangee.fr", "orange.fr"),
            ("pole-bois.con", "pole-bois.com"),
            ("pole-bois.ogr", "pole-bois.org"),
            ("pole-bois.nett", "pole-bois.net"),
            ("ORANGE.FFR", "ORANGE.fr"),
            ("orange.rf", "orange.fr"),
            ("gmail.coom", "gmail.com"),
            ("gmail.ccom", "gmail.com"),
            ("pole-bois.rog", "pole-bois.org"),
            ("laposet.ent", "laposte.net"),
            ("laposte.nte", "laposte.net"),
            ("laposte.ent", "laposte.net"),
        ] {
            assert_eq!(right_domain(wrong).as_deref(), Some(right), "{wrong}");
        }
    }

    /// Domains of mail services, of companies and of anybody that look like those of the table.
    #[test]
    fn real_domains_are_left_alone() {
        for domain in "aliceadsl.fr aol.com aol.fr bbox.fr cegetel.net email.com example.coop example.org free.fr \
            freebox.fr gmail.com gmx.com gmx.fr gmx.net googlemail.com grange.fr hotmail.be hotmail.ch hotmail.co.uk \
            hotmail.com hotmail.fr hotmail.it icloud.com infonie.fr laposte.fr laposte.net libertysurf.fr live.com \
            live.fr livre.fr lorange.fr mac.com mail.com mailo.com me.com msn.com neuf.fr nordnet.fr numericable.com \
            numericable.fr olive.fr orage.fr orange-business.com orange.com orange.fr orange.re oranger.fr oranges.fr \
            outlook.com outlook.fr pm.me proton.me protonmail.ch protonmail.com sfr.com sfr.fr tele2.fr vieuxfree.fr \
            voila.fr pole.et pole.ne pole.new pole.ong pole.cm pole.co pole.orgue wanadoo.fr yahoo.be yahoo.ca yahoo.co.uk yahoo.com yahoo.fr ymail.com zaclys.net département.fr g"
            .split(' ')
        {
            assert_eq!(right_domain(domain), None, "{domain}");
        }
    }
}
