use super::*;
#[test]
fn embedded_is_sound() {
    if let Err(all) = embedded() {
        for d in &all {
            eprintln!("{}:{:?} {} {} {:?}", d.at.source.name, d.at.line_column(), d.code, d.message, d.help);
        }
        panic!("{} diagnostics", all.len());
    }
}
