//! What may answer an interaction: the types 4 to 9 and what each takes as its data.
//! Whether the interaction is still open, and whether the type fits it, is not asked here.

use serde_json::Value;

use super::form::{Place, unique};
use super::{commands, components, messages};

pub(super) fn response(body: &Place) {
    if !body.object(&["type", "data"]) {
        return;
    }
    let data = body.field("data");
    match body.field("type").required().choice(&[1, 4, 5, 6, 7, 8, 9]) {
        Some(4) if data.given() => messages::response_message(&data),
        Some(5) => messages::deferred(&data),
        Some(7) if data.given() => messages::response_update(&data),
        Some(8) => choices(&data),
        Some(9) => components::modal(&data),
        Some(1 | 6) => data.meaningless("This type of response takes no data."),
        _ => {}
    }
}

fn choices(data: &Place) {
    if !data.object(&["choices"]) {
        return;
    }
    if !data.field("choices").given() {
        data.field("choices").required();
        return;
    }
    let choices = data.field("choices").items(0, 25);
    let mut kinds = Vec::new();
    for choice in &choices {
        if choice.object(&["name", "name_localizations", "value"]) {
            commands::choice_name(choice);
            let value = choice.field("value");
            kinds.push(match value.value() {
                Value::Number(number) => {
                    if number.as_f64().is_none_or(|number| number.abs() > commands::SAFE_NUMBER) {
                        value.fault("NUMBER_TYPE_MAX", "Must be within ±2^53.");
                    }
                    "number"
                }
                _ => {
                    value.required().text(1, 100);
                    "text"
                }
            });
        }
    }
    if kinds.windows(2).any(|pair| pair[0] != pair[1]) {
        data.field("choices").fault("STANDIN_MIXED_CHOICES", "The choices of an option are all texts or all numbers.");
    }
    let names = choices.iter().map(|choice| choice.field("name")).filter(Place::given);
    let names = names.map(|name| (super::form::plain(name.value()), name));
    unique(names, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Option choice name already exists");
}
