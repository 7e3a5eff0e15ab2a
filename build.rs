//! Turns the environment variable `CHANFOLIO_REAL_DATA` into the cfg `real_data`, and whether there is a
//! `script` command into the cfg `script`, so that tests which need them are reported as ignored where they
//! are not, and never as passed.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(real_data)");
    println!("cargo::rerun-if-env-changed=CHANFOLIO_REAL_DATA");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(script)");
    // The `script` of util-linux runs a command in a terminal of its own.
    let script = std::process::Command::new("script").arg("--version").output();
    if script.is_ok_and(|out| String::from_utf8_lossy(&out.stdout).contains("util-linux")) {
        println!("cargo::rustc-cfg=script");
    }
    if std::env::var_os("CHANFOLIO_REAL_DATA").is_some_and(|folder| !folder.is_empty()) {
        println!("cargo::rustc-cfg=real_data");
    }
}
