//! `chanfolio check` from outside: exit codes in every format, places counted by hand, what each format
//! must escape, the standards it must keep, baselines and waivers.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::run::{Answer, chanfolio, repository};

const FORMATS: [&str; 5] = ["human", "json", "github", "sarif", "junit"];

/// A folder with files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn check(path: &Path, more: &str) -> Answer {
    chanfolio("check").arg(path).args(more).run()
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.stdout).unwrap_or_else(|error| panic!("{error}\n{}", answer.stdout))
}

/// Codes and subjects of the findings that stand or are new.
fn open(answer: &Answer) -> Vec<(String, String)> {
    let json = json(answer);
    let findings = json["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|f| f["standing"] == "new" || f["standing"] == "stands")
        .map(|f| (f["code"].as_str().unwrap().to_owned(), f["subject"].as_str().unwrap().to_owned()))
        .collect()
}

/// Nothing to find: every kind answered, customers asked, an owner, a promise.
const QUIET: &str = "policy: { require: { unknown-kinds: off, survey-missing-or-old: off } }\n";

fn inventory(channel: &str) -> String {
    format!(
        "schema: 1\norganisation: {{ name: Aurora, timezone: UTC, as_of: 2026-11-23 }}\nchannels:\n  - {channel}\n{QUIET}"
    )
}

const PHONE: &str =
    "{ id: phone, kind: phone, status: active, owner: care, promise: { share: 0.8, within: 20s } }";
const NO_OWNER: &str = "{ id: phone, kind: phone, status: active, promise: { share: 0.8, within: 20s } }";
const NO_EXIT: &str = "{ id: bot, kind: chatbot, status: active, owner: care, human_exit: no }";

#[test]
fn exit_codes_are_the_same_in_every_format() {
    let files = folder(&[
        ("passed.yaml", &inventory(PHONE)),
        // A warning does not fail unless the policy says so.
        ("warned.yaml", &inventory(NO_OWNER)),
        ("strict.yaml", &inventory(NO_OWNER).replace("policy: {", "policy: { fail_on: warning,")),
        ("failed.yaml", &inventory(NO_EXIT)),
        ("off.yaml", &inventory(NO_EXIT).replace("require: {", "require: { no-human-exit: off,")),
        ("lowered.yaml", &inventory(NO_EXIT).replace("require: {", "require: { no-human-exit: note,")),
        ("allowed.yaml", &inventory(NO_EXIT).replace("policy: {", "policy: { allow: [no-human-exit],")),
        ("unknown-key.yaml", &inventory(PHONE).replace("owner:", "ownr:")),
        ("no-yaml.yaml", "schema: [1\n"),
        ("empty.yaml", ""),
        ("no-log.yaml", &format!("{}usage: [{{ path: nowhere.csv }}]\n", inventory(PHONE))),
        ("bad-log.yaml", &format!("{}usage: [{{ path: letter.csv }}]\n", inventory(PHONE))),
        ("letter.csv", "Dear Sir or Madam\nthis is no log\n"),
        ("no-baseline.json", "{}"),
    ]);
    let cases: [(&str, &str, u8, &str); 17] = [
        ("passed.yaml", "", 0, "passed"),
        ("warned.yaml", "", 0, "passed"),
        ("strict.yaml", "", 1, "failed"),
        ("failed.yaml", "", 1, "failed"),
        ("off.yaml", "", 0, "passed"),
        ("lowered.yaml", "", 0, "passed"),
        ("allowed.yaml", "", 0, "passed"),
        ("unknown-key.yaml", "", 2, "could-not-run"),
        ("no-yaml.yaml", "", 2, "could-not-run"),
        ("empty.yaml", "", 2, "could-not-run"),
        ("missing.yaml", "", 2, "could-not-run"),
        ("no-log.yaml", "", 2, "could-not-run"),
        ("no-log.yaml", "--no-logs", 0, "passed"),
        ("bad-log.yaml", "", 2, "could-not-run"),
        ("passed.yaml", "--baseline nowhere.json", 2, "could-not-run"),
        ("passed.yaml", "--baseline DIR/no-baseline.json", 2, "could-not-run"),
        ("passed.yaml", "--criteria DIR/nowhere", 2, "could-not-run"),
    ];
    for (file, more, code, outcome) in cases {
        let more = more.replace("DIR", &files.path().display().to_string());
        let path = files.path().join(file);
        for format in FORMATS {
            let told = format!("{file} {more} as {format}");
            let answer = check(&path, &format!("{more} --format {format}"));
            assert_eq!(answer.code, code, "{told}\n{}{}", answer.stdout, answer.stderr);
            // What could not run is said on standard error too, whatever the format.
            assert!(code < 2 || !answer.stderr.is_empty(), "{told}");
            match format {
                "human" => assert!(code < 2 || answer.stdout.is_empty(), "{told}: {}", answer.stdout),
                "json" => assert_eq!(json(&answer)["outcome"], outcome, "{told}"),
                "github" => assert_eq!(
                    answer.stdout.contains("::error"),
                    code > 0 && file != "strict.yaml",
                    "{told}: {}",
                    answer.stdout
                ),
                "sarif" => {
                    let ran = &json(&answer)["runs"][0]["invocations"][0];
                    assert_eq!(ran["executionSuccessful"], code < 2, "{told}");
                    assert_eq!(ran["exitCode"], code, "{told}");
                }
                _ => {
                    let (failures, errors) = junit(&answer.stdout);
                    assert_eq!(
                        (failures > 0, errors > 0),
                        (code == 1, code == 2),
                        "{told}\n{}",
                        answer.stdout
                    );
                }
            }
            // A file holds the same as standard output.
            let ending = match format {
                "human" => "txt",
                "junit" => "xml",
                "github" => continue,
                same => same,
            };
            let out = files.path().join(format!("out.{ending}"));
            let to_file = check(&path, &format!("{more} -o {}", out.display()));
            assert_eq!((to_file.code, to_file.stdout.as_str()), (code, ""), "{told}");
            assert_eq!(std::fs::read_to_string(&out).unwrap(), answer.stdout, "{told}");
        }
    }
}

/// Failures and errors of JUnit XML, counted case by case; the sums at the top must agree.
fn junit(text: &str) -> (usize, usize) {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let said = |name: &str| root.attribute(name).and_then(|n| n.parse::<usize>().ok());
    assert_eq!(said("tests"), Some(count("testcase")), "{text}");
    assert_eq!(said("failures"), Some(count("failure")), "{text}");
    assert_eq!(said("errors"), Some(count("error")), "{text}");
    (count("failure"), count("error"))
}

#[test]
fn junit_has_a_case_for_each_finding_and_each_silent_rule() {
    let files = folder(&[("i.yaml", &inventory(&format!("{NO_OWNER}\n  - {NO_EXIT}")))]);
    let text = check(&files.path().join("i.yaml"), "--format junit").stdout;
    let document = roxmltree::Document::parse(&text).unwrap();
    let case = |name: &str| {
        let find =
            |n: &roxmltree::Node<'_, '_>| n.attribute("name") == Some(name) && n.has_tag_name("testcase");
        document.descendants().find(find).unwrap_or_else(|| panic!("{name}\n{text}"))
    };
    let children = |name: &str| -> Vec<String> {
        case(name)
            .children()
            .filter(roxmltree::Node::is_element)
            .map(|n| n.tag_name().name().to_owned())
            .collect()
    };
    assert_eq!(children("no-human-exit: bot"), ["failure"]);
    let failure = case("no-human-exit: bot").first_element_child().unwrap();
    assert_eq!(failure.attribute("message"), Some("bot: customers cannot leave the machine"));
    assert!(failure.text().unwrap().contains("i.yaml:5:"), "{text}");
    // A warning that does not fail passes, and says what it is.
    assert_eq!(children("missing-owner: phone"), ["system-out"]);
    // A rule that found nothing passed; one that could not be asked is skipped, with its reason.
    assert!(children("identity-too-weak").is_empty());
    assert_eq!(children("lost-callers"), ["skipped"]);
    let skipped = case("lost-callers").first_element_child().unwrap();
    assert_eq!(skipped.attribute("message"), Some("no log was read"));
}

/// Line ends of Windows, letters of two, three and four bytes before the faults.
const COUNTED: &str = "\
schema: 1\r
organisation: { name: \"Caffè Österreich ☕ 🦀\", timezone: UTC, as_of: 2026-11-23 }\r
touchpoints: [{ id: bolletta, stage: \"è 漢字 🦀\", identity: strong }]\r
channels:\r
  - { owner: none, id: phone, kind: phone, status: active, promise: { share: 0.8, within: 20s } }\r
  - { aliases: [\"perché no? 🦀🦀\"], monitored: no, id: mail, kind: email, owner: x, status: active, promise: { share: 0.8, within: 8h } }\r
policy: { require: { unknown-kinds: off, survey-missing-or-old: off } }\r
";

#[test]
fn places_are_those_of_a_count_by_hand() {
    let files = folder(&[("i.yaml", COUNTED)]);
    let path = files.path().join("i.yaml");
    // By hand. Line 3: `touchpoints: [{ id: ` are 20 characters, `bolletta` is 21 to 28. Line 5: the value
    // `none` after `  - { owner: ` (13) is 14 to 17. Line 6: `  - { aliases: ` 15, `["` 2, `perché no? ` 11,
    // `🦀🦀` 2, `"], ` 4, `monitored: ` 11: 45 in all, so `no` is 46 and 47.
    let hand = |line: usize, before: &str, word: &str| {
        let text = COUNTED.split("\r\n").nth(line - 1).unwrap();
        assert!(text.starts_with(before) && text[before.len()..].starts_with(word), "{text}");
        (line, before.chars().count() + 1, before.chars().count() + 1 + word.chars().count())
    };
    let monitored = hand(6, "  - { aliases: [\"perché no? 🦀🦀\"], monitored: ", "no");
    assert_eq!(monitored, (6, 46, 48));
    let expected = [
        ("touchpoint-without-channel", (3, 21, 29)),
        ("missing-owner", (5, 14, 18)),
        ("unanswered-channel", monitored),
    ];
    let found = json(&check(&path, "--format json"));
    let sarif = json(&check(&path, "--format sarif"));
    let human = check(&path, "").stdout;
    let github = check(&path, "--format github").stdout;
    for (code, (line, column, end)) in expected {
        let finding = found["findings"].as_array().unwrap().iter().find(|f| f["code"] == code).unwrap();
        let at = &finding["location"];
        assert_eq!(
            (&at["line"], &at["column"], &at["end_column"]),
            (&line.into(), &column.into(), &end.into())
        );
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let result = results.iter().find(|r| r["ruleId"] == code).unwrap();
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(
            (&region["startLine"], &region["startColumn"], &region["endLine"], &region["endColumn"]),
            (&line.into(), &column.into(), &line.into(), &end.into()),
            "{code}"
        );
        let title = human.split("\n\n").find(|part| part.contains(&format!("[{code}]"))).unwrap();
        assert!(title.contains(&format!("i.yaml:{line}:{column}\n")), "{title}");
        assert!(
            github
                .contains(&format!("line={line},endLine={line},col={column},endColumn={end},title={code}::")),
            "{github}"
        );
    }
    assert_eq!(sarif["runs"][0]["columnKind"], "unicodeCodePoints");
}

/// The JSON Schema of SARIF 2.1.0, as the package of `serde-sarif` carries it.
fn sarif_schema() -> jsonschema::Validator {
    let run = |program: &str, args: &[&str]| {
        let program = std::env::var_os(program.to_uppercase()).unwrap_or_else(|| program.into());
        let output = Command::new(program).args(args).output().expect("cargo and rustc are there");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    // Packages of other systems need not be on this machine.
    let version = run("rustc", &["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let manifest = repository("Cargo.toml").display().to_string();
    let args = [
        "metadata",
        "--format-version=1",
        "--offline",
        "--filter-platform",
        host,
        "--manifest-path",
        &manifest,
    ];
    let metadata: Value = serde_json::from_str(&run("cargo", &args)).expect("cargo metadata is JSON");
    let package =
        metadata["packages"].as_array().unwrap().iter().find(|p| p["name"] == "serde-sarif").unwrap();
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    let text =
        std::fs::read_to_string(manifest.with_file_name("src/schema.json")).expect("the schema of SARIF");
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    // One pattern of the standard's schema has a stray bracket, which strict readers refuse; it is about a
    // property that is not written here.
    for of in ["run", "toolComponent"] {
        schema["definitions"][of]["properties"]["language"].as_object_mut().unwrap().remove("pattern");
    }
    jsonschema::validator_for(&schema).expect("a JSON schema")
}

#[test]
fn sarif_keeps_the_standard_in_every_situation() {
    let schema = sarif_schema();
    let lumen = repository("examples/lumen/inventory.yaml");
    let files = folder(&[
        ("bad.yaml", &inventory(PHONE).replace("owner:", "ownr:")),
        ("hostile.yaml", HOSTILE),
        ("log.csv", HOSTILE_LOG),
        ("warned.yaml", &format!("{}absent: [phone]\n", inventory(PHONE))),
    ]);
    let baseline = files.path().join("last.json");
    chanfolio("assess --format json -o").arg(&baseline).arg(&lumen).done();
    let with_baseline = format!("--baseline {}", baseline.display());
    let waived =
        "waivers: [{ code: missing-owner, channel: reviews, reason: \"a [link](x)\", until: 2027-01-01 }]\n";
    let excused = examples_copy("lumen", |text| text + waived);
    let situations: [(PathBuf, &str); 7] = [
        (lumen.clone(), ""),
        (lumen.clone(), "--no-logs"),
        (lumen.clone(), &with_baseline),
        (excused.path().join("inventory.yaml"), ""),
        (files.path().join("bad.yaml"), ""),
        (files.path().join("missing.yaml"), ""),
        (files.path().join("hostile.yaml"), ""),
    ];
    for (path, more) in situations {
        let answer = check(&path, &format!("{more} --format sarif"));
        let document = json(&answer);
        let mistakes: Vec<String> =
            schema.iter_errors(&document).map(|e| format!("{} {e}", e.instance_path())).collect();
        assert!(mistakes.is_empty(), "{}: {mistakes:?}", path.display());
        let typed: serde_sarif::sarif::Sarif =
            serde_json::from_str(&answer.stdout).expect("SARIF is read back");
        let run = &typed.runs[0];
        let rules = run.tool.driver.rules.as_ref().unwrap();
        for result in run.results.iter().flatten() {
            let index = usize::try_from(result.rule_index.unwrap()).unwrap();
            assert_eq!(Some(&rules[index].id), result.rule_id.as_ref());
            let physical = result.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
            let uri = physical.artifact_location.as_ref().unwrap().uri.as_ref().unwrap();
            assert!(!uri.starts_with('/') && !uri.contains('\\') && !uri.contains(' '), "{uri}");
        }
    }
    // The path is that from the top of the repository, wherever the program stands.
    let sarif = json(&check(&lumen, "--format sarif"));
    let artifact = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(artifact["uri"], "examples/lumen/inventory.yaml");
    let suppressed = json(&check(&excused.path().join("inventory.yaml"), "--format sarif"));
    let results = suppressed["runs"][0]["results"].as_array().unwrap();
    let waived: Vec<&Value> = results.iter().filter(|r| r.get("suppressions").is_some()).collect();
    assert_eq!(waived.len(), 1);
    assert_eq!(waived[0]["ruleId"], "missing-owner");
    // Fingerprints tell all findings apart, and stay where lines move. The file's path stands before `#`.
    let own = |print: &str| print.split_once('#').unwrap().1.to_owned();
    let prints = |document: &Value| -> Vec<String> {
        let results = document["runs"][0]["results"].as_array().unwrap().clone();
        let mut all: Vec<String> =
            results.iter().map(|r| own(r["partialFingerprints"]["chanfolio/v1"].as_str().unwrap())).collect();
        all.sort();
        all
    };
    let moved = examples_copy("lumen", |text| format!("# one\n# two\n{text}"));
    let moved = prints(&json(&check(&moved.path().join("inventory.yaml"), "--format sarif")));
    let before = prints(&sarif);
    assert_eq!(before, moved);
    let mut distinct = before.clone();
    distinct.dedup();
    assert_eq!(before, distinct);
}

/// A copy of an example in a folder of its own, its inventory changed.
fn examples_copy(name: &str, change: impl Fn(String) -> String) -> tempfile::TempDir {
    let from = repository(&format!("examples/{name}"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("logs")).unwrap();
    for entry in std::fs::read_dir(from.join("logs")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join("logs").join(entry.file_name())).unwrap();
    }
    let text = std::fs::read_to_string(from.join("inventory.yaml")).unwrap();
    std::fs::write(folder.path().join("inventory.yaml"), change(text)).unwrap();
    folder
}

/// Names that would end a workflow command, begin another, or steer a terminal.
const HOSTILE: &str = r#"
schema: 1
organisation: { name: "A\n::error::forged", timezone: UTC, as_of: 2026-11-23 }
rivals: [{ name: "B%0A::error file=x,line=1::forged\r\n::set-output name=a::b\e[31m\u202e]]>&<", checked: 2020-01-01, channels: [phone] }]
channels: [{ id: phone, kind: phone, status: active, owner: "c\e]0;x\a" }]
usage: [{ path: log.csv }]
waivers: [{ code: no-promise, channel: phone, reason: "d\n::error::forged\e[2J]]>", until: 2027-01-01 }]
"#;
const HOSTILE_LOG: &str = "time,channel\n2026-11-01 10:00,phone\n2026-11-01 10:01,\"e\n::error::forged,:\u{1b}[31m%0A\u{202e}\u{9b}\"\n";

#[test]
fn no_name_forges_an_annotation_or_steers_a_terminal() {
    let files = folder(&[("i.yaml", HOSTILE), ("log.csv", HOSTILE_LOG)]);
    for format in FORMATS {
        for verbose in ["", "-v"] {
            let answer = check(&files.path().join("i.yaml"), &format!("--format {format} {verbose}"));
            for text in [&answer.stdout, &answer.stderr] {
                let harmful = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
                assert!(!text.contains(harmful), "{format}: {text:?}");
            }
            assert!(answer.stdout.contains("forged"), "{format}: the names are shown\n{}", answer.stdout);
            if format == "junit" {
                junit(&answer.stdout);
            }
        }
    }
    let github = check(&files.path().join("i.yaml"), "--format github").stdout;
    for line in github.lines() {
        let (command, rest) = line[2..].split_once(' ').unwrap();
        assert!(line.starts_with("::") && ["error", "warning", "notice"].contains(&command), "{line}");
        // What a runner reads: properties up to the next `::`, none of them from a file.
        let (properties, message) = rest.split_once("::").unwrap();
        let names: Vec<&str> = properties.split(',').map(|p| p.split_once('=').unwrap().0).collect();
        assert_eq!(names, ["file", "line", "endLine", "col", "endColumn", "title"], "{line}");
        // A `%` of a file is data: `%0A` in it must not become a line end.
        assert!(!message.contains("%0A::"), "{line}");
    }
    assert!(github.contains("B%250A::error file=x"), "{github}");
}

#[test]
fn a_file_name_cannot_forge_an_annotation_either() {
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("a,b%0A:c\n::error title=x::d.yaml");
    std::fs::write(&path, inventory(NO_EXIT)).unwrap();
    for format in FORMATS {
        let answer = chanfolio("check --format").arg(format).arg(&path).run();
        assert_eq!(answer.code, 1, "{format}: {}", answer.stderr);
        assert!(!answer.stdout.lines().any(|line| line.starts_with("::error title=x")), "{}", answer.stdout);
    }
    let github = chanfolio("check --format github").arg(&path).run().stdout;
    assert_eq!(github.lines().count(), 1, "{github}");
    assert!(github.contains("a%2Cb%250A%3Ac"), "{github}");
}

#[test]
fn a_patch_without_owner_and_need_fails_with_exactly_these_two() {
    let files = tempfile::tempdir().unwrap();
    let baseline = files.path().join("last.json");
    let same = examples_copy("lumen", |text| text);
    chanfolio("assess -o").arg(&baseline).arg(same.path().join("inventory.yaml")).done();
    let held = format!("--baseline {}", baseline.display());
    // The unchanged inventory passes against its own assessment, and nothing is new.
    let answer = check(&same.path().join("inventory.yaml"), &format!("{held} --format json"));
    assert_eq!((answer.code, open(&answer)), (0, vec![]), "{}", answer.stdout);

    let patch = |text: String| {
        let owner = "    aliases: [Sportello]\n    owner: shops\n";
        assert!(text.contains(owner));
        let candidate = "\n  - id: kiosk-chat\n    kind: cobrowse\n    status: candidate\n    owner: digital\n    team: care\n    system: crm\n    touchpoints: { offers: secondary }\n    new_demand_budget: 100\n    lawful: yes\n\njudgements:";
        let text = text.replace(owner, "    aliases: [Sportello]\n").replace(", cobrowse", "");
        assert!(text.contains("\njudgements:"));
        text.replacen("\njudgements:", candidate, 1)
    };
    let patched = examples_copy("lumen", patch);
    let answer = check(&patched.path().join("inventory.yaml"), &format!("{held} --format json"));
    let two = [("missing-owner", "counter"), ("candidate-without-need", "kiosk-chat")];
    let two = two.map(|(code, subject)| (code.to_owned(), subject.to_owned()));
    assert_eq!((answer.code, open(&answer)), (1, two.to_vec()), "{}", answer.stdout);
    let human = check(&patched.path().join("inventory.yaml"), &held).stdout;
    assert_eq!(human.matches("error[").count(), 2, "{human}");
    assert!(human.contains("failed: 2 errors, new; "), "{human}");

    let excuse = "waivers: [{ code: missing-owner, channel: counter, reason: \"the shops name one in January\", until: 2027-01-31 }]\n";
    let excused = examples_copy("lumen", |text| patch(text) + excuse);
    let path = excused.path().join("inventory.yaml");
    let answer = check(&path, &format!("{held} --format json"));
    assert_eq!((answer.code, open(&answer)), (1, vec![two[1].clone()]), "{}", answer.stdout);
    // The day after its last, the waiver is a finding itself and what it excused stands again.
    let answer = check(&path, &format!("{held} --format json --at 2027-02-01"));
    let codes: Vec<String> = open(&answer).into_iter().map(|(code, _)| code).collect();
    for code in ["missing-owner", "candidate-without-need", "waiver-expired"] {
        assert!(codes.iter().any(|c| c == code), "{code}: {codes:?}");
    }
}

#[test]
fn a_healthy_portfolio_prints_nothing() {
    let answer = chanfolio("check").arg(repository("examples/healthy/inventory.yaml")).done();
    assert_eq!((answer.stdout.as_str(), answer.stderr.as_str()), ("", ""));
}

#[test]
fn a_baseline_is_made_renewed_and_passed() {
    let files = folder(&[
        ("i.yaml", &inventory(NO_EXIT)),
        ("other.yaml", &inventory(NO_EXIT).replace("Aurora", "Boreal")),
    ]);
    let path = files.path().join("i.yaml");
    let held = format!("--baseline {}", files.path().join("last.json").display());
    assert_eq!(check(&path, &held).code, 2);
    let made = check(&path, &format!("{held} --update-baseline"));
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert!(
        made.stdout.contains("no-human-exit") && made.stderr.contains("last.json now holds"),
        "{}",
        made.stderr
    );
    let passed = check(&path, &held);
    assert_eq!(passed.code, 0);
    assert!(passed.stdout.starts_with("passed: nothing new; 1 known in "), "{}", passed.stdout);
    // It is the JSON of an assessment, byte for byte.
    let assessed = chanfolio("assess --format json").arg(&path).done().stdout;
    assert_eq!(std::fs::read_to_string(files.path().join("last.json")).unwrap(), assessed);
    // What the baseline had and is gone is told.
    std::fs::write(&path, inventory(&NO_EXIT.replace("human_exit: no", "human_exit: yes"))).unwrap();
    let mended = check(&path, &format!("{held} -v"));
    assert_eq!(mended.code, 0);
    assert!(
        mended.stdout.contains("mended: no-human-exit") && mended.stdout.contains("1 mended"),
        "{}",
        mended.stdout
    );
    // Another organisation's is refused, and no answer is written over it.
    let other = check(&files.path().join("other.yaml"), &held);
    assert_eq!(other.code, 2);
    assert!(
        other.stderr.contains("is an assessment of Aurora, the inventory is of Boreal"),
        "{}",
        other.stderr
    );
    let over = check(&path, &format!("{held} -o {}", files.path().join("last.json").display()));
    assert_eq!(over.code, 2);
    assert!(over.stderr.contains("would be lost"), "{}", over.stderr);
}

#[test]
fn a_baseline_with_logs_is_not_held_against_a_check_without() {
    let files = tempfile::tempdir().unwrap();
    let lumen = repository("examples/lumen/inventory.yaml");
    let baseline = files.path().join("last.json");
    chanfolio("assess -o").arg(&baseline).arg(&lumen).done();
    let answer = check(&lumen, &format!("--baseline {} --no-logs --format json", baseline.display()));
    assert_eq!((answer.code, open(&answer)), (0, vec![]), "{}", answer.stdout);
    let document = json(&answer);
    let not_asked = document["inventories"][0]["not_asked"].as_array().unwrap();
    for code in ["verdict-changed", "score-worse"] {
        let rule = not_asked.iter().find(|rule| rule["code"] == code).unwrap();
        assert_eq!(rule["because"], "the baseline was made with logs, and none was read");
    }
    // What the logs showed has not been looked for: it is not mended.
    assert_eq!(document["inventories"][0]["mended"], serde_json::json!([]));
}

#[test]
fn without_logs_the_rules_that_need_them_are_named() {
    let files = folder(&[("i.yaml", &inventory(PHONE))]);
    let answer = check(&files.path().join("i.yaml"), "");
    assert_eq!((answer.code, answer.stdout.as_str()), (0, ""));
    assert!(
        answer.stderr.contains("note: not asked, since no log was read: silent-channel, "),
        "{}",
        answer.stderr
    );
    assert_eq!(check(&files.path().join("i.yaml"), "-q").stderr, "");
}

#[test]
fn a_waiver_of_a_rule_that_was_not_asked_is_not_called_unused() {
    let waivers = "waivers: [{ code: silent-channel, reason: a, until: 2027-01-01 }, { code: duplicated-channel, reason: b, until: 2027-01-01 }, { code: no-promise, reason: c, until: 2027-01-01 }]\n";
    let files = folder(&[("i.yaml", &(inventory(PHONE) + waivers))]);
    let answer = check(&files.path().join("i.yaml"), "--format json");
    assert_eq!(open(&answer), [("waiver-unused".to_owned(), "no-promise".to_owned())]);
}

#[test]
fn a_policy_that_contradicts_itself_is_refused() {
    let text = inventory(PHONE)
        .replace("policy: {", "policy: { allow: [missing-owner],")
        .replace("require: {", "require: { missing-owner: error,");
    let files = folder(&[("i.yaml", &text)]);
    let answer = check(&files.path().join("i.yaml"), "");
    assert_eq!(answer.code, 2);
    assert!(answer.stderr.contains("error[contradictory-policy]"), "{}", answer.stderr);
}

#[test]
fn the_json_is_what_its_schema_says() {
    let schema: Value = serde_json::from_str(&chanfolio("schema check").done().stdout).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let files = folder(&[("i.yaml", HOSTILE), ("log.csv", HOSTILE_LOG), ("bad.yaml", "schema: 2\n")]);
    for file in ["i.yaml", "bad.yaml", "missing.yaml"] {
        let document = json(&check(&files.path().join(file), "--format json"));
        let mistakes: Vec<String> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(mistakes.is_empty(), "{file}: {mistakes:?}");
    }
}

#[test]
fn rules_are_listed_and_each_is_explained() {
    let list = chanfolio("check --list").done().stdout;
    assert!(list.lines().count() >= 41, "{list}");
    for line in list.lines() {
        let code = line.split_whitespace().next().unwrap();
        assert!(chanfolio("explain").arg(code).done().stdout.contains(code), "{code}");
    }
    chanfolio("check").refused();
}

#[test]
fn an_answer_without_its_time_breaks_no_promise() {
    // 98 of 100 e-mails were answered; nobody wrote down when. 2 missing answers are not 2 of 2 too late.
    let mut log = "time,channel,answered\n".to_owned();
    for row in 0..100 {
        let answered = if row < 2 { "no" } else { "yes" };
        log.push_str(&format!("2026-10-{:02} 10:00,email,{answered}\n", row % 20 + 1));
    }
    let email =
        "{ id: email, kind: email, status: active, owner: care, promise: { share: 0.9, within: 8h } }";
    let yaml = format!("{}usage: [{{ path: log.csv }}]\n", inventory(email));
    let files = folder(&[("i.yaml", &yaml), ("log.csv", &log)]);
    let answer = check(&files.path().join("i.yaml"), "");
    assert!(!answer.stdout.contains("promise-missed"), "{}", answer.stdout);
    let note =
        "not asked, since the logs do not record who was answered, and after what time: promise-missed";
    assert!(answer.stderr.contains(note), "{}", answer.stderr);
}

#[test]
fn several_inventories_are_checked_at_once() {
    let files =
        folder(&[("a.yaml", &inventory(PHONE)), ("b.yaml", &inventory(NO_EXIT)), ("c.yaml", "schema: 1\n")]);
    let path = |name: &str| files.path().join(name);
    for format in FORMATS {
        let two = chanfolio("check --format").arg(format).arg(path("a.yaml")).arg(path("b.yaml")).run();
        assert_eq!(two.code, 1, "{format}");
        // One that cannot run does not silence the others.
        let three = chanfolio("check --format")
            .arg(format)
            .arg(path("c.yaml"))
            .arg(path("b.yaml"))
            .arg(path("a.yaml"))
            .run();
        assert_eq!(three.code, 2, "{format}");
        assert!(three.stdout.contains("no-human-exit"), "{format}: {}", three.stdout);
        assert!(three.stderr.contains("c.yaml"), "{}", three.stderr);
    }
    let both = chanfolio("check --baseline x.json").arg(path("a.yaml")).arg(path("b.yaml")).refused();
    assert!(both.stderr.contains("--baseline belongs to one inventory"), "{}", both.stderr);
}

/// A reader that went away.
struct Gone;

impl std::io::Write for Gone {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }
}

#[test]
fn a_reader_that_went_away_does_not_turn_a_failure_into_a_pass() {
    let files = folder(&[("i.yaml", &inventory(NO_EXIT)), ("bad.yaml", "schema: 2\n")]);
    for (file, code) in [("i.yaml", 1), ("bad.yaml", 2), ("missing.yaml", 2)] {
        for format in FORMATS {
            let path = files.path().join(file).display().to_string();
            let args = ["chanfolio", "check", &path, "--format", format].map(Into::into);
            let terminal = chanfolio::cli::Terminal::none(100);
            assert_eq!(chanfolio::cli::run(args, &terminal, &mut Gone, &mut Gone), code, "{file} {format}");
        }
    }
}

#[test]
fn what_the_inventory_declares_is_new_even_where_the_baseline_has_logs() {
    let files = tempfile::tempdir().unwrap();
    let baseline = files.path().join("last.json");
    let same = examples_copy("lumen", |text| text);
    chanfolio("assess -o").arg(&baseline).arg(same.path().join("inventory.yaml")).done();
    let held = format!("--baseline {} --no-logs --format json", baseline.display());
    let unwatched = examples_copy("lumen", |text| text.replacen("monitored: yes", "monitored: no", 1));
    let answer = check(&unwatched.path().join("inventory.yaml"), &held);
    assert_eq!(
        (answer.code, open(&answer)),
        (1, vec![("unanswered-channel".to_owned(), "phone".to_owned())])
    );
}

#[test]
fn a_channel_that_vanished_is_told_and_took_nothing_mended_with_it() {
    let two = format!(
        "{PHONE}\n  - {{ id: fax, kind: fax, status: active, promise: {{ share: 0.9, within: 8h }} }}"
    );
    let files = folder(&[("i.yaml", &inventory(&two)), ("without.yaml", &inventory(PHONE))]);
    let held = format!("--baseline {}", files.path().join("last.json").display());
    assert_eq!(check(&files.path().join("i.yaml"), &format!("{held} --update-baseline")).code, 0);
    let answer = check(&files.path().join("without.yaml"), &format!("{held} --format json"));
    assert_eq!((answer.code, open(&answer)), (1, vec![("verdict-changed".to_owned(), "fax".to_owned())]));
    assert_eq!(json(&answer)["inventories"][0]["mended"], serde_json::json!([]));
}

#[test]
fn a_baseline_with_logs_is_not_replaced_by_one_without() {
    let files = tempfile::tempdir().unwrap();
    let lumen = repository("examples/lumen/inventory.yaml");
    let baseline = files.path().join("last.json");
    chanfolio("assess -o").arg(&baseline).arg(&lumen).done();
    let before = std::fs::read_to_string(&baseline).unwrap();
    let answer = check(&lumen, &format!("--no-logs --baseline {} --update-baseline", baseline.display()));
    assert_eq!(answer.code, 2);
    assert!(answer.stderr.contains("would forget what only they show"), "{}", answer.stderr);
    // An answer that cannot be written leaves the baseline as it was, too.
    let nowhere = files.path().join("no/such/a.json");
    let args = format!("--baseline {} --update-baseline -o {}", baseline.display(), nowhere.display());
    assert_eq!(check(&lumen, &args).code, 2);
    assert_eq!(std::fs::read_to_string(&baseline).unwrap(), before);
}

#[test]
fn two_waivers_of_one_finding_are_both_in_use() {
    let waivers =
        "waivers: [{ code: missing-owner, reason: a }, { code: missing-owner, channel: phone, reason: b }]\n";
    let files = folder(&[("i.yaml", &(inventory(NO_OWNER) + waivers))]);
    assert_eq!(open(&check(&files.path().join("i.yaml"), "--format json")), []);
}

#[test]
fn a_census_serves_a_new_candidate_with_a_promise_and_not_a_promise_taken_back() {
    let log = "time,channel\n2026-11-01 10:00,phone\n2026-11-02 10:00,phone\n";
    let with_log = |channels: &str| format!("{}usage: [{{ path: log.csv }}]\n", inventory(channels));
    let candidate = "{ id: wa, kind: whatsapp, status: candidate, promise: { share: 0.9, within: 15m } }";
    let files = folder(&[
        ("i.yaml", &with_log(PHONE)),
        ("more.yaml", &with_log(&format!("{PHONE}\n  - {candidate}"))),
        ("less.yaml", &with_log(&PHONE.replace(", promise: { share: 0.8, within: 20s }", ""))),
        ("log.csv", log),
    ]);
    let census = files.path().join("census.csv");
    chanfolio("census -o").arg(&census).arg(files.path().join("i.yaml")).done();
    let held = format!("--census {}", census.display());
    let more = check(&files.path().join("more.yaml"), &held);
    assert_eq!(more.code, 1, "{}", more.stderr);
    assert!(more.stdout.contains("candidate-without-need"), "{}", more.stdout);
    let less = check(&files.path().join("less.yaml"), &held);
    assert_eq!(less.code, 2);
    assert!(
        less.stderr
            .contains("promise of phone: the census has `0.8 within 20000 ms always`, the inventory none"),
        "{}",
        less.stderr
    );
}
