//! The criteria that ship with the program are sound.
use super::*;

#[test]
fn embedded_is_sound() {
    let mistakes = embedded().err().unwrap_or_default();
    let lines: Vec<String> = mistakes.iter().map(|d| format!("{}: {} {}", d.at, d.code, d.message)).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}
