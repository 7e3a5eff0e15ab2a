//! Turns the environment variable `CHANFOLIO_REAL_DATA` into the cfg `real_data`, so that tests on
//! real logs are reported as ignored where those logs are not, and never as passed.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(real_data)");
    println!("cargo::rerun-if-env-changed=CHANFOLIO_REAL_DATA");
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CHANFOLIO_REAL_DATA").is_some_and(|folder| !folder.is_empty()) {
        println!("cargo::rustc-cfg=real_data");
    }
}
