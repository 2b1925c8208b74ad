//! What can go wrong in a call; each kind becomes one Java exception.

/// A call's failure, with the message for whoever reads the log.
#[derive(Debug, PartialEq)]
pub enum Failure {
    /// The bytes cannot be read; nothing was changed.
    Refused(String),
    /// The content nests deeper than a limit; nothing was changed.
    TooDeep(String),
    /// The answer would grow beyond a limit, out of all proportion to the content; nothing was changed.
    TooLarge(String),
    /// What is wanted cannot be written at this place (a JSON pointer) of the content; nothing was changed.
    Unwritable { pointer: String, why: String },
    /// A bug: a panic, or an error where none can be. The document is suspect.
    Panicked(String),
    /// An earlier call on this document panicked.
    Poisoned(String),
}
