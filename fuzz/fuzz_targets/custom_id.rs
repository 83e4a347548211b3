//! Any text as the custom id of a button: refused, or a ticket that is written again the same way and fits Discord's hundred characters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use medse_bot::discord::ticket::Ticket;

fuzz_target!(|text: &str| {
    let Ok(ticket) = text.parse::<Ticket>() else { return };
    let written = ticket.to_string();
    assert_eq!(written.parse::<Ticket>().ok(), Some(ticket));
    assert!(text.chars().count() > 100 || written.chars().count() <= 100);
});
