//! stub
/// stub
pub fn storable(text: &str) -> Option<String> {
    Some(text.to_owned())
}
