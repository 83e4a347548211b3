//! Any text as `config.toml`: settings, or an error that repeats no token.
#![no_main]

use libfuzzer_sys::fuzz_target;
use medse_bot::settings::{Settings, Token, masked};

const TOKEN: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB";

fuzz_target!(|text: &str| {
    // Wherever a token stands, alone between spaces.
    let with_token = text.replace('@', &format!(" {TOKEN} "));
    for text in [text, with_token.as_str()] {
        if let Err(error) = Settings::parse(text, "config.toml") {
            let said = format!("{error} {error:?}");
            assert!(!said.contains(TOKEN), "{said}");
        }
    }
    let _ = Token::parse(text);
    assert!(!masked(&with_token).contains(TOKEN));
});
