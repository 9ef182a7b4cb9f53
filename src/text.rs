//! What texts say, whatever field they stand in: their words, the values that they list, the people whom they name, and
//! what is wrong with them.

pub(crate) mod damage;
pub(crate) mod families;
pub mod fold;
pub(crate) mod formula;
pub(crate) mod lexicon;
pub(crate) mod lists;
pub(crate) mod mail_services;
pub(crate) mod mailboxes;
pub(crate) mod markup;
pub(crate) mod mentions;
pub(crate) mod names;
pub(crate) mod people;
pub(crate) mod phones;
pub(crate) mod placeholder;
pub(crate) mod visible;
pub(crate) mod words;
