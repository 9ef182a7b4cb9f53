//! Chance that comes out the same every time, and the slips of fingers that it decides.

/// Splitmix64: the same numbers for the same seed, on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, among: &[&'a T]) -> &'a T {
        among[self.below(among.len())]
    }

    /// Whether something happens that happens so many times in a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

/// A text with the sign at `at` taken out.
pub fn without(text: &str, at: usize) -> String {
    text.chars().enumerate().filter(|(rank, _)| *rank != at).map(|(_, c)| c).collect()
}

/// A text with `sign` put in before the sign at `at`.
pub fn with(text: &str, at: usize, sign: char) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    signs.insert(at, sign);
    signs.into_iter().collect()
}

/// A text with another sign at `at`.
pub fn changed(text: &str, at: usize, sign: char) -> String {
    text.chars().enumerate().map(|(rank, c)| if rank == at { sign } else { c }).collect()
}

/// A text with the signs at `at` and behind it swapped.
pub fn swapped(text: &str, at: usize) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    signs.swap(at, at + 1);
    signs.into_iter().collect()
}

/// Digits of which one is another.
pub fn slipped(random: &mut Random, digits: &str) -> String {
    let at = random.below(digits.len());
    let old = digits.as_bytes()[at] - b'0';
    let new = (old + 1 + random.below(9) as u8) % 10;
    changed(digits, at, char::from(b'0' + new))
}

/// A name with one letter, or two, left out, doubled, swapped or another; the first one is spared.
pub fn misspelt(random: &mut Random, name: &str, slips: usize) -> String {
    let mut text = name.to_owned();
    for _ in 0..slips {
        let signs: Vec<char> = text.chars().collect();
        let places: Vec<usize> =
            (1..signs.len() - 1).filter(|at| signs[*at].is_alphabetic() && signs[at + 1].is_alphabetic()).collect();
        let Some(at) = (!places.is_empty()).then(|| places[random.below(places.len())]) else { continue };
        text = match random.below(4) {
            0 => without(&text, at),
            1 => with(&text, at, signs[at]),
            2 if signs[at] != signs[at + 1] => swapped(&text, at),
            _ => changed(&text, at, random.pick(&[&'a', &'e', &'i', &'o', &'r', &'s', &'t', &'n']).to_owned()),
        };
    }
    text
}

/// A text in capitals as typewriters have them.
pub fn shouted(text: &str) -> String {
    bare(text).to_uppercase()
}

/// A text without its accents.
pub fn bare(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let plain = match c {
            'à' | 'â' | 'ä' | 'á' | 'ã' => "a",
            'ç' => "c",
            'é' | 'è' | 'ê' | 'ë' => "e",
            'î' | 'ï' | 'í' => "i",
            'ô' | 'ö' | 'ó' => "o",
            'ù' | 'û' | 'ü' | 'ú' => "u",
            'ÿ' => "y",
            'œ' => "oe",
            'À' | 'Â' => "A",
            'Ç' => "C",
            'É' | 'È' | 'Ê' => "E",
            'Î' | 'Ï' => "I",
            'Ô' | 'Ö' => "O",
            'Œ' => "OE",
            '’' => "'",
            c => {
                out.push(c);
                continue;
            }
        };
        out.push_str(plain);
    }
    out
}
