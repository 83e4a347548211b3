//! `backup` and `restore`: the journal's copies, made and put back by [`crate::journal`].

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::{FINE, Failure, House, unusable, words};
use crate::journal::{self, JournalError};

impl House {
    /// Copies the journal and its key while the bot runs, or does not.
    pub fn backup(&self, file: &Path) -> Result<ExitCode, Failure> {
        let lang = self.message_lang();
        journal::backup(&self.settings.data_folder, file).map_err(|error| self.failed(&error))?;
        writeln!(anstream::stdout(), "{}", words::backed_up(file, lang))?;
        Ok(FINE)
    }

    /// Puts a copy back where there is no journal.
    pub fn restore(&self, file: &Path) -> Result<ExitCode, Failure> {
        let (lang, folder) = (self.message_lang(), &self.settings.data_folder);
        journal::restore(file, folder).map_err(|error| self.failed(&error))?;
        writeln!(anstream::stdout(), "{}", words::restored(folder, lang))?;
        Ok(FINE)
    }

    fn failed(&self, error: &JournalError) -> Failure {
        let sentence = anyhow::Error::msg(words::journal(error, self.message_lang()));
        match error {
            // A full disk or a database that is in use may be otherwise tomorrow.
            JournalError::File { .. } | JournalError::Database { .. } | JournalError::Stopped => sentence.into(),
            JournalError::Newer { .. }
            | JournalError::Broken { .. }
            | JournalError::KeyMissing { .. }
            | JournalError::KeyMalformed { .. }
            | JournalError::Taken { .. }
            | JournalError::NoJournal { .. } => unusable(sentence),
        }
    }
}
