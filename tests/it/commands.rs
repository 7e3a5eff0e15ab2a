//! The commands themselves: exit codes, help, formats, widths, outputs.

use unicode_width::UnicodeWidthStr as _;

use crate::run::{chanfolio, repository};

const COMMANDS: [&str; 8] = ["assess", "census", "check", "staff", "explain", "schema", "completions", "man"];

#[test]
fn help_names_every_command_and_each_has_help_of_its_own() {
    let all = chanfolio("--help").done().stdout;
    for command in COMMANDS {
        assert!(all.contains(command), "{command}\n{all}");
        let help = chanfolio(command).arg("--help").done();
        assert!(help.stdout.contains("Usage: chanfolio"), "{command}\n{}", help.stdout);
        assert_eq!(help.stderr, "", "{command}");
    }
    for command in ["assess", "census", "check", "staff", "explain", "schema"] {
        let help = chanfolio(command).arg("--help").done().stdout;
        assert!(help.contains("Examples:"), "{command}\n{help}");
    }
    // A command appears when it works, not before.
    for later in ["whatif", "plan", "compare", "init"] {
        assert!(!all.lines().any(|line| line.trim_start().starts_with(later)), "{later}\n{all}");
    }
    assert!(all.contains("Exit codes"), "{all}");
}

#[test]
fn version_is_the_package_s() {
    assert_eq!(
        chanfolio("--version").done().stdout.trim(),
        format!("chanfolio {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn wrong_usage_is_code_2_and_says_what_to_do() {
    for (args, word) in [
        ("", "Usage"),
        ("asess x.yaml", "assess"),
        ("assess", "INVENTORY"),
        ("assess x.yaml --formt json", "--format"),
        ("assess x.yaml --format jsn", "json"),
        ("assess x.yaml --at yesterday", "--at"),
        ("assess x.yaml --usage a.csv --census b.csv", "--census"),
        ("explain ends-wel", "ends-well"),
        ("explain qqqq", "explain"),
        ("completions klingon", "bash"),
    ] {
        let answer = chanfolio(args).refused();
        assert!(answer.stderr.contains(word), "{args}: {word}\n{}", answer.stderr);
        assert_eq!(answer.stdout, "", "{args}");
    }
}

#[test]
fn explain_lists_everything_and_explains_each() {
    let list = chanfolio("explain").done().stdout;
    let ids: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    for id in ["capability", "ends-well", "staffed", "keep-duty", "missing-owner", "whatsapp", "days-covered"]
    {
        assert!(ids.contains(&id), "{id}\n{list}");
    }
    for id in ids {
        for language in ["en", "it"] {
            let text = chanfolio("explain").arg(id).arg("--lang").arg(language).done().stdout;
            assert!(text.lines().count() >= 4, "{id}\n{text}");
            assert!(text.lines().all(|line| line.width() <= 80), "{id}\n{text}");
        }
    }
}

#[test]
fn explain_reads_a_folder_of_criteria() {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(repository("criteria")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let file = folder.path().join("functional.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("floor: { points: 20 }", "floor: { points: 25 }", 1)).unwrap();
    let answer = chanfolio("explain ends-well --criteria").arg(folder.path()).done();
    assert!(answer.stdout.contains("25 points"), "{}", answer.stdout);
    std::fs::write(&file, "id: [").unwrap();
    let answer = chanfolio("explain ends-well --criteria").arg(folder.path()).refused();
    assert!(answer.stderr.contains("functional.yaml"), "{}", answer.stderr);
    let answer = chanfolio("explain ends-well --criteria no/such/folder").refused();
    assert!(answer.stderr.contains("no/such/folder"), "{}", answer.stderr);
}

#[test]
fn schemas_are_schemas() {
    for what in ["inventory", "assessment"] {
        let text = chanfolio("schema").arg(what).done().stdout;
        let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{what}: {error}"));
    }
    assert_eq!(chanfolio("schema").done().stdout, chanfolio("schema inventory").done().stdout);
}

#[test]
fn the_json_of_the_examples_meets_its_schema() {
    let schema: serde_json::Value =
        serde_json::from_str(&chanfolio("schema assessment").done().stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for example in ["lumen", "healthy", "small"] {
        let inventory = repository(&format!("examples/{example}/inventory.yaml"));
        let json = chanfolio("assess --format json").arg(inventory).done().stdout;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let mistakes: Vec<String> =
            validator.iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(mistakes.is_empty(), "{example}\n{}", mistakes.join("\n"));
        assert_eq!(json["schema"], "chanfolio.assessment/1");
    }
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = chanfolio("completions").arg(shell).done().stdout;
        assert!(text.contains("chanfolio") && text.contains("assess"), "{shell}");
    }
}

#[test]
fn man_pages_on_standard_output_and_in_a_folder() {
    assert!(chanfolio("man").done().stdout.contains(".TH"));
    let folder = tempfile::tempdir().unwrap();
    chanfolio("man").arg(folder.path().join("man1")).done();
    let mut names: Vec<String> = std::fs::read_dir(folder.path().join("man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.contains(&"chanfolio.1".to_owned()), "{names:?}");
    for command in COMMANDS {
        assert!(names.iter().any(|name| name.contains(command)), "{command}: {names:?}");
    }
}

#[test]
fn no_line_is_wider_than_the_terminal_and_none_has_an_escape() {
    let mut wrong = Vec::new();
    for example in ["lumen", "healthy", "small"] {
        let inventory = repository(&format!("examples/{example}/inventory.yaml"));
        for width in [80, 100, 120, 200] {
            for args in [
                "assess",
                "assess phone",
                "assess phone -v",
                "assess whatsapp",
                "census",
                "census --journeys",
            ] {
                let (command, channel) = args.split_once(' ').unwrap_or((args, ""));
                if channel == "whatsapp" && example == "healthy" {
                    continue;
                }
                if command == "census" && example == "small" {
                    continue;
                }
                let mut run = chanfolio(command).arg(&inventory).width(width);
                for word in channel.split_whitespace() {
                    run = run.arg(word);
                }
                let answer = run.done();
                for line in answer.stdout.lines() {
                    if line.width() > width {
                        wrong.push(format!("{example} {args} at {width}: {} columns: {line}", line.width()));
                    }
                }
                assert!(!answer.stdout.contains('\u{1b}'), "{example} {args} at {width}");
                assert!(
                    !answer.stdout.contains("NaN") && !answer.stdout.contains("inf%"),
                    "{example} {args}"
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn colour_changes_no_character() {
    let inventory = repository("examples/lumen/inventory.yaml");
    let plain = chanfolio("assess --color never").arg(&inventory).done().stdout;
    let colour = chanfolio("assess --color always").arg(&inventory).done().stdout;
    assert!(colour.contains('\u{1b}'), "colour when asked for");
    let mut bare = String::new();
    let mut rest = colour.as_str();
    while let Some(at) = rest.find("\u{1b}[") {
        bare.push_str(&rest[..at]);
        let after = &rest[at..];
        let end = after.find('m').expect("an escape ends") + 1;
        rest = &after[end..];
    }
    bare.push_str(rest);
    assert_eq!(bare, plain, "a status is never told by colour alone");
}

#[test]
fn outputs_are_written_whole_in_the_format_of_their_ending() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = repository("examples/small/inventory.yaml");
    let (json, markdown) = (folder.path().join("a.json"), folder.path().join("a.md"));
    std::fs::write(&json, "old").unwrap();
    chanfolio("assess").arg(&inventory).arg("-o").arg(&json).arg("-o").arg(&markdown).done();
    let text = std::fs::read_to_string(&json).unwrap();
    let parsed: serde_json::Value = serde_json::from_str(&text).expect("whole JSON");
    assert_eq!(parsed["schema"], "chanfolio.assessment/1");
    assert_eq!(text, chanfolio("assess --format json").arg(&inventory).done().stdout, "the same bytes");
    let markdown = std::fs::read_to_string(&markdown).unwrap();
    assert!(markdown.starts_with('#') || markdown.starts_with('>') || markdown.contains("\n#"), "{markdown}");
    // Nothing is left beside them.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn an_output_that_cannot_be_written_is_code_2_and_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = repository("examples/small/inventory.yaml");
    let nowhere = folder.path().join("no/such/folder/a.json");
    let answer = chanfolio("assess").arg(&inventory).arg("-o").arg(&nowhere).refused();
    assert!(answer.stderr.contains("a.json"), "{}", answer.stderr);
    let odd = folder.path().join("a.docx");
    let answer = chanfolio("assess").arg(&inventory).arg("-o").arg(&odd).refused();
    assert!(answer.stderr.contains("docx") && answer.stderr.contains("json"), "{}", answer.stderr);
    assert!(!odd.exists());
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let inventory = repository("examples/lumen/inventory.yaml");
    for format in ["json", "table", "csv", "markdown"] {
        let once = chanfolio("assess --format").arg(format).arg(&inventory).done().stdout;
        let again = chanfolio("assess --format").arg(format).arg(&inventory).done().stdout;
        assert_eq!(once, again, "{format}");
    }
}

#[test]
fn the_inventory_in_the_readme_can_be_assessed() {
    let readme = std::fs::read_to_string(repository("README.md")).unwrap();
    let block =
        readme.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an inventory");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("inventory.yaml");
    std::fs::write(&file, block).unwrap();
    let answer = chanfolio("assess").arg(&file).done();
    assert!(answer.stdout.contains("Officina Bici"), "{}", answer.stdout);
}

#[test]
fn a_channel_that_does_not_exist_gets_a_suggestion() {
    let answer =
        chanfolio("assess").arg(repository("examples/lumen/inventory.yaml")).arg("watsapp").refused();
    assert!(answer.stderr.contains("watsapp") && answer.stderr.contains("whatsapp"), "{}", answer.stderr);
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
    }
    let terminal = chanfolio::cli::Terminal::none(100);
    let inventory = repository("examples/small/inventory.yaml").into_os_string();
    for args in [
        vec!["chanfolio".into(), "--help".into()],
        vec!["chanfolio".into(), "explain".into()],
        vec!["chanfolio".into(), "assess".into(), inventory],
    ] {
        let mut stderr = Vec::new();
        assert_eq!(chanfolio::cli::run(args, &terminal, &mut Closed, &mut stderr), 0);
        assert!(stderr.is_empty(), "{}", String::from_utf8_lossy(&stderr));
    }
}

/// With standard error on a terminal, where a second thread draws how far the reading is, the program ends.
#[test]
#[cfg_attr(not(script), ignore = "needs the script command of util-linux")]
fn on_a_terminal_it_ends() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    let inventory = repository("examples/lumen/inventory.yaml");
    let command = format!("'{}' assess '{}' phone", env!("CARGO_BIN_EXE_chanfolio"), inventory.display());
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("script runs");
    let begun = Instant::now();
    let ended = loop {
        match child.try_wait().expect("it can be asked") {
            Some(status) => break Some(status),
            None if begun.elapsed() > Duration::from_secs(120) => break None,
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    if ended.is_none() {
        let _ = child.kill();
    }
    assert!(ended.is_some_and(|status| status.success()), "{ended:?}");
}
