//! What is said in French of a command line that cannot be understood; in English, clap says it.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// One sentence and where to look; none for what is no mistake, or of no usual kind.
pub(super) fn in_french(error: &clap::Error) -> Option<String> {
    let texts = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let (argument, value) = (texts(ContextKind::InvalidArg), texts(ContextKind::InvalidValue));
    let valid = texts(ContextKind::ValidValue);
    let suggested = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .map(texts)
        .into_iter()
        .find(|text| !text.is_empty());
    let mut message = match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("il manque {argument}"),
        ErrorKind::UnknownArgument => format!("« {argument} » n’est pas une option connue ici"),
        ErrorKind::InvalidSubcommand => {
            format!("« {} » n’est pas une commande", texts(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} attend une valeur"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("{argument} ne peut pas valoir « {value} »"),
        ErrorKind::ArgumentConflict => format!("{argument} ne se donne qu’une fois, ou pas avec les autres options"),
        _ => return None,
    };
    if !valid.is_empty() {
        message.push_str(&format!(" ; valeurs possibles : {valid}"));
    }
    if let Some(suggested) = suggested {
        message.push_str(&format!(" ; vouliez-vous dire « {suggested} » ?"));
    }
    Some(format!("{message} (« ptce --help », ou « ptce COMMANDE --help », dit ce qui est possible)"))
}
