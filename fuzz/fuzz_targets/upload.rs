//! Any bytes as an uploaded archive: refused, or texts within the bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use medse_bot::moderation::travel;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(brought) = travel::unpack(bytes) {
        let _ = travel::merge(&brought, &[], &[]);
    }
});
