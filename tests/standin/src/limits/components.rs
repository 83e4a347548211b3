//! What rows, buttons, selects and modals may look like. The newer layout components are not modelled and so refused.

use super::form::{Place, plain, unique};

const ROW: i64 = 1;
const BUTTON: i64 = 2;
const STRING_SELECT: i64 = 3;
const TEXT_INPUT: i64 = 4;
const CHANNEL_SELECT: i64 = 8;

const ROWS: usize = 5;
const ID: i64 = i32::MAX as i64;
const DUPLICATED: (&str, &str) = ("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");

/// The rows of a message.
pub(super) fn of_message(components: &Place) {
    let mut custom_ids = Vec::new();
    for row in components.items(0, ROWS) {
        if !is_row(&row) {
            continue;
        }
        let pieces = row.field("components").required().items(1, 5);
        let selects = pieces.iter().filter(|piece| piece.field("type").value() != BUTTON).count();
        for piece in &pieces {
            if !piece.value().is_object() {
                piece.object(&[]);
                continue;
            }
            if selects > 0 && pieces.len() > 1 && piece.field("type").value() != BUTTON {
                // A select is as wide as the row.
                piece.fault("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width");
            }
            match piece.field("type").value().as_i64() {
                Some(BUTTON) => button(piece),
                Some(STRING_SELECT) => string_select(piece),
                Some(kind @ 5..=CHANNEL_SELECT) => entity_select(piece, kind),
                _ => wrong_type(piece, "(2, 3, 5, 6, 7, 8)"),
            }
            custom_ids.push(piece.field("custom_id"));
        }
    }
    unique_custom_ids(custom_ids);
}

/// A modal with its rows, as the data of a type 9 response.
pub(super) fn modal(modal: &Place) {
    if !modal.object(&["custom_id", "title", "components"]) {
        return;
    }
    modal.field("custom_id").required().text(1, 100);
    modal.field("title").required().text(1, 45);
    let mut custom_ids = Vec::new();
    for row in modal.field("components").required().items(1, ROWS) {
        if !is_row(&row) {
            continue;
        }
        // One input a row, though the description of the API would let more pass.
        for input in row.field("components").required().items(1, 1) {
            if input.field("type").value() == TEXT_INPUT {
                text_input(&input);
            } else {
                wrong_type(&input, "(4,)");
            }
            custom_ids.push(input.field("custom_id"));
        }
    }
    unique_custom_ids(custom_ids);
}

fn is_row(row: &Place) -> bool {
    if row.field("type").value() != ROW {
        if row.value().is_object() {
            wrong_type(row, "(1,)");
        } else {
            row.object(&[]);
        }
        return false;
    }
    row.field("id").integer(0, ID);
    row.object(&["type", "id", "components"])
}

fn wrong_type(piece: &Place, types: &str) {
    let kind = piece.field("type");
    if kind.given() {
        kind.fault("UNION_TYPE_CHOICES", format!("Value of field \"type\" must be one of {types}."));
    } else {
        kind.required();
    }
}

fn unique_custom_ids(places: Vec<Place>) {
    let given = places.into_iter().filter(Place::given).map(|place| (plain(place.value()), place));
    unique(given, DUPLICATED.0, DUPLICATED.1);
}

fn button(button: &Place) {
    button.object(&["type", "id", "style", "label", "emoji", "custom_id", "url", "sku_id", "disabled"]);
    button.field("id").integer(0, ID);
    button.field("disabled").boolean();
    button.field("label").text(0, 80);
    emoji(&button.field("emoji"));
    let (custom_id, url, sku) = (button.field("custom_id"), button.field("url"), button.field("sku_id"));
    custom_id.text(1, 100);
    url.url(512, &["http", "https", "discord"]);
    sku.snowflake();
    let style = button.field("style").required().choice(&[1, 2, 3, 4, 5, 6]);
    match style {
        Some(5) => {
            if custom_id.given() {
                custom_id
                    .fault("BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified");
            }
            if !url.given() {
                url.fault("BUTTON_COMPONENT_URL_REQUIRED", "A url is required");
            }
        }
        Some(6) => {
            for name in ["custom_id", "url", "label", "emoji"] {
                button.field(name).meaningless("A premium button has nothing but its SKU.");
            }
            sku.clone().required();
        }
        Some(_) => {
            if !custom_id.given() {
                custom_id.fault("BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required");
            }
            if url.given() {
                url.fault("BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified");
            }
        }
        None => {}
    }
    if style != Some(6) {
        sku.meaningless("Only a premium button has a SKU.");
        let blank = button.field("label").value().as_str().is_none_or(|label| label.trim().is_empty());
        if blank && !button.field("emoji").given() {
            button.field("label").fault("BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required");
        }
    }
}

/// Faults letters and words where one emoji should stand. What is an emoji changes every year, so nothing finer is asked.
fn emoji(emoji: &Place) {
    if !emoji.given() || !emoji.object(&["id", "name", "animated"]) {
        return;
    }
    let custom = emoji.field("id").snowflake().is_some();
    emoji.field("animated").boolean();
    let Some(name) = emoji.field("name").required().text(1, 32) else { return };
    let keycap = name.ends_with('\u{20e3}');
    // Some emoji count as letters: Ⓜ, ℹ, 🅰.
    let word = |c: char| c == ':' || c.is_whitespace() || (c.is_alphanumeric() && !matches!(c, 'ℹ' | 'Ⓜ' | '\u{1f000}'..));
    if !custom && !keycap && name.contains(word) {
        emoji.field("name").fault("BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji");
    }
}

const SELECT: &[&str] = &["type", "id", "custom_id", "placeholder", "min_values", "max_values", "disabled"];

/// What all selects share; the number of values a member may pick at most.
fn select(select: &Place, more: &[&str]) -> i64 {
    let known: Vec<&str> = SELECT.iter().chain(more).copied().collect();
    select.object(&known);
    select.field("id").integer(0, ID);
    select.field("custom_id").required().text(1, 100);
    select.field("placeholder").text(0, 150);
    select.field("disabled").boolean();
    let min = select.field("min_values").integer(0, 25).unwrap_or(1);
    let max = select.field("max_values").integer(1, 25).unwrap_or(1);
    if min > max {
        select.field("min_values").fault("SELECT_COMPONENT_INVALID_VALUE_RANGE", "min_values must not be above max_values");
    }
    max
}

fn string_select(place: &Place) {
    let max = select(place, &["options"]);
    let options = place.field("options").required().items(1, 25);
    let mut defaults = 0;
    for option in &options {
        if !option.object(&["label", "value", "description", "emoji", "default"]) {
            continue;
        }
        option.field("label").required().text(1, 100);
        option.field("value").required().text(1, 100);
        option.field("description").text(0, 100);
        emoji(&option.field("emoji"));
        if option.field("default").boolean() == Some(true) {
            defaults += 1;
        }
    }
    let count = i64::try_from(options.len()).unwrap_or(i64::MAX);
    for bound in ["min_values", "max_values"] {
        if count > 0 && place.field(bound).value().as_i64().is_some_and(|bound| bound > count) {
            place.field(bound).fault("SELECT_COMPONENT_INVALID_VALUE_RANGE", "More values than options");
        }
    }
    if defaults > max {
        let message = "The specified number of default values exceeds the specified maximum values";
        place.field("options").fault("SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", message);
    }
    let values = options.iter().map(|option| option.field("value")).filter(Place::given);
    let values = values.map(|value| (plain(value.value()), value));
    unique(values, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used");
}

/// Selects of users (5), roles (6), both (7) and channels (8).
fn entity_select(place: &Place, kind: i64) {
    let max = select(place, &["default_values", "channel_types"]);
    if kind == CHANNEL_SELECT {
        for channel_type in place.field("channel_types").items(0, 25) {
            channel_type.required().integer(0, 16);
        }
    } else {
        place.field("channel_types").meaningless("Only a channel select has channel types.");
    }
    let fits: &[&str] = match kind {
        5 => &["user"],
        6 => &["role"],
        7 => &["user", "role"],
        _ => &["channel"],
    };
    let defaults = place.field("default_values").items(0, 25);
    for default in &defaults {
        if default.object(&["id", "type"]) {
            default.field("id").required().snowflake();
            let kind = default.field("type").required();
            if kind.given() && !kind.value().as_str().is_some_and(|kind| fits.contains(&kind)) {
                kind.fault("BASE_TYPE_CHOICES", format!("Value must be one of {fits:?}."));
            }
        }
    }
    if i64::try_from(defaults.len()).unwrap_or(i64::MAX) > max {
        let message = "The specified number of default values exceeds the specified maximum values";
        place.field("default_values").fault("SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", message);
    }
}

fn text_input(input: &Place) {
    let known = ["type", "id", "custom_id", "style", "label", "min_length", "max_length", "required", "value", "placeholder"];
    input.object(&known);
    input.field("id").integer(0, ID);
    input.field("custom_id").required().text(1, 100);
    input.field("style").required().choice(&[1, 2]);
    input.field("label").required().text(1, 45);
    input.field("required").boolean();
    input.field("placeholder").text(0, 100);
    let min = input.field("min_length").integer(0, 4000).unwrap_or(0);
    let max = input.field("max_length").integer(1, 4000).unwrap_or(4000).clamp(1, 4000);
    if min > max {
        input.field("min_length").fault("TEXT_INPUT_INVALID_LENGTH_RANGE", "min_length must not be above max_length");
    }
    // A prefilled text longer than the field could not be submitted as it stands.
    input.field("value").text(0, usize::try_from(max).unwrap_or(4000));
}
