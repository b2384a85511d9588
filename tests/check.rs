//! `handbook check`: what it reports, in which form, and how it ends.

mod program;

use expect_test::expect;

use program::Handbook;

/// A handbook with a dead link, a dead anchor and nothing else wrong.
fn broken() -> Handbook {
    Handbook::new()
        .file("content/_index.md", "# Home\n\nSee [leave](/leeve/) and [days](leave.md#dayz).\n")
        .file("content/leave.md", "# Leave\n\n## Days\n\nTwenty.\n")
}

#[test]
fn problems_are_shown_and_nothing_is_written() {
    let handbook = broken();
    handbook.run("check").status(0).stdout(expect![[""]]).stderr(expect![[r#"
        warning[link-page]: there is no page `/leeve/`
         --> content/_index.md:3:5
          |
        3 | See [leave](/leeve/) and [days](leave.md#dayz).
          |     ^^^^^^^^^^^^^^^^
          |
          = help: did you mean `/leave/`?

        warning[link-anchor]: `leave.md` has no heading or anchor `#dayz`
         --> content/_index.md:3:26
          |
        3 | See [leave](/leeve/) and [days](leave.md#dayz).
          |                          ^^^^^^^^^^^^^^^^^^^^^
          |
          = help: a similar one is `#days`

        Checked 2 pages in [TIME] and found 2 warnings
    "#]]);
    assert!(!handbook.has("public"));
}

#[test]
fn warnings_fail_with_strict() {
    broken().run("check --strict -q").status(1);
    Handbook::new().file("content/_index.md", "# Home\n").run("check --strict").status(0).stderr(expect![[r#"
        Checked 1 page in [TIME] and found no problems
    "#]]);
}

#[test]
fn a_denied_code_is_an_error_and_an_allowed_one_is_not_reported() {
    let handbook = broken();
    handbook.run("check --deny link-page --allow link-anchor --format short").status(1).stdout(expect![[r#"
        content/_index.md:3:5: error[link-page]: there is no page `/leeve/`
    "#]]);
    handbook.run("check --deny link-pag").status(2).stderr(expect![[r#"
        error: invalid value 'link-pag' for '--deny <CODE>': there is no code `link-pag`; did you mean `link-page`?

        For more information, try '--help'.
    "#]]);
    handbook.run("check --allow config-key").status(2);
}

#[test]
fn settings_set_severities_for_check_and_build() {
    let handbook = broken().file("site.toml", "[check.severity]\nlink-page = \"off\"\nlink-anchor = \"error\"\n");
    handbook.run("check --format short").status(1).stdout(expect![[r#"
        content/_index.md:3:26: error[link-anchor]: `leave.md` has no heading or anchor `#dayz`
    "#]]);
    handbook.run("build --format short").status(1).stdout(expect![[r#"
        content/_index.md:3:26: error[link-anchor]: `leave.md` has no heading or anchor `#dayz`
    "#]]);
    assert!(!handbook.has("public"));
}

#[test]
fn settings_of_a_code_that_is_none_are_an_error() {
    let handbook = broken().file(
        "site.toml",
        "[check.severity]\nlink-pages = \"off\"\nlink-anchor = \"loud\"\nconfig-key = \"off\"\n[check.other]\n",
    );
    handbook.run("check").status(2).stderr(expect![[r#"
        error[config-key]: there is no code `link-pages`
         --> site.toml:2:1
          |
        2 | link-pages = "off"
          | ^^^^^^^^^^
          |
          = help: did you mean `link-page`?

        error[config-value]: `check.severity.link-anchor` must be `error`, `warning`, `note` or `off`, found the text `loud`
         --> site.toml:3:15
          |
        3 | link-anchor = "loud"
          |               ^^^^^^
          |
          = help: write `link-anchor = "error"`

        error[config-key]: `config-key` is always an error
         --> site.toml:4:1
          |
        4 | config-key = "off"
          | ^^^^^^^^^^
          |
          = help: mend `site.toml`; nobody knows what a site with wrong settings should be

        error[config-key]: there is no setting `other` in `[check]`
         --> site.toml:5:8
          |
        5 | [check.other]
          |        ^^^^^
          |
          = help: the keys here are `severity`, `baseline`, `page_size`, `image_size`, `ignore`, `external`

    "#]]);
}

#[test]
fn ignored_links_are_not_checked() {
    let handbook = broken().file("site.toml", "[check]\nignore = [\"/lee*\", \"*#dayz\"]\n");
    handbook.run("check --strict").status(0).stderr(expect![[r#"
        Checked 2 pages in [TIME] and found no problems
    "#]]);
}

#[test]
fn sarif() {
    broken().run("check --format sarif -q").status(0).stdout(expect![[r#"
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "version": "2.1.0",
          "runs": [
            {
              "tool": {
                "driver": {
                  "name": "handbook",
                  "version": "0.1.0",
                  "informationUri": "https://example.github.io/handbook/",
                  "rules": [
                    {
                      "id": "link-page",
                      "shortDescription": {
                        "text": "A link leads to a page or file that the site does not have."
                      },
                      "helpUri": "https://example.github.io/handbook/guide/messages/link-page/",
                      "help": {
                        "text": "What it means and how to mend it: https://example.github.io/handbook/guide/messages/link-page/",
                        "markdown": "[What it means and how to mend it](https://example.github.io/handbook/guide/messages/link-page/)"
                      },
                      "defaultConfiguration": {
                        "level": "warning"
                      }
                    },
                    {
                      "id": "link-anchor",
                      "shortDescription": {
                        "text": "A link leads to a heading or anchor that its page does not have."
                      },
                      "helpUri": "https://example.github.io/handbook/guide/messages/link-anchor/",
                      "help": {
                        "text": "What it means and how to mend it: https://example.github.io/handbook/guide/messages/link-anchor/",
                        "markdown": "[What it means and how to mend it](https://example.github.io/handbook/guide/messages/link-anchor/)"
                      },
                      "defaultConfiguration": {
                        "level": "warning"
                      }
                    }
                  ]
                }
              },
              "originalUriBaseIds": {
                "%SRCROOT%": {
                  "description": {
                    "text": "The folder that the check was started in"
                  }
                }
              },
              "columnKind": "unicodeCodePoints",
              "results": [
                {
                  "ruleId": "link-page",
                  "ruleIndex": 0,
                  "level": "warning",
                  "message": {
                    "text": "there is no page `/leeve/`\nHelp: did you mean `/leave/`?"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "content/_index.md",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "startLine": 3,
                          "startColumn": 5,
                          "endColumn": 21
                        }
                      }
                    }
                  ],
                  "partialFingerprints": {
                    "handbookFinding/v1": "e7c5ae87990df883b250f4dbf3ee4d9f",
                    "primaryLocationLineHash": "e7c5ae87990df883b250f4dbf3ee4d9f"
                  }
                },
                {
                  "ruleId": "link-anchor",
                  "ruleIndex": 1,
                  "level": "warning",
                  "message": {
                    "text": "`leave.md` has no heading or anchor `#dayz`\nHelp: a similar one is `#days`"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "content/_index.md",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "startLine": 3,
                          "startColumn": 26,
                          "endColumn": 47
                        }
                      }
                    }
                  ],
                  "partialFingerprints": {
                    "handbookFinding/v1": "14a08beb39ae4d791f096e03c20e2591",
                    "primaryLocationLineHash": "14a08beb39ae4d791f096e03c20e2591"
                  }
                }
              ]
            }
          ]
        }
    "#]]);
}

#[test]
fn junit() {
    broken().run("check --format junit -q").status(0).stdout(expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="handbook check" tests="2" failures="2">
          <testsuite name="handbook check" tests="2" failures="2">
            <testcase classname="link-page" name="content/_index.md:3:5: there is no page `/leeve/`" file="content/_index.md" line="3"><failure type="warning[link-page]" message="there is no page `/leeve/`">content/_index.md:3:5: there is no page `/leeve/`
        help: did you mean `/leave/`?</failure></testcase>
            <testcase classname="link-anchor" name="content/_index.md:3:26: `leave.md` has no heading or anchor `#dayz`" file="content/_index.md" line="3"><failure type="warning[link-anchor]" message="`leave.md` has no heading or anchor `#dayz`">content/_index.md:3:26: `leave.md` has no heading or anchor `#dayz`
        help: a similar one is `#days`</failure></testcase>
          </testsuite>
        </testsuites>
    "#]]);
    let handbook = Handbook::new().file("content/_index.md", "# Home\n");
    handbook.run("check --format junit -q").status(0).stdout(expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="handbook check" tests="1" failures="0">
          <testsuite name="handbook check" tests="1" failures="0">
            <testcase classname="handbook" name="no problems"/>
          </testsuite>
        </testsuites>
    "#]]);
}

#[test]
fn gitlab() {
    broken().run("check --format gitlab -q").status(0).stdout(expect![[r#"
        [
          {
            "description": "there is no page `/leeve/`; did you mean `/leave/`?",
            "check_name": "link-page",
            "fingerprint": "e7c5ae87990df883b250f4dbf3ee4d9f",
            "severity": "major",
            "location": {
              "path": "content/_index.md",
              "lines": {
                "begin": 3
              }
            }
          },
          {
            "description": "`leave.md` has no heading or anchor `#dayz`; a similar one is `#days`",
            "check_name": "link-anchor",
            "fingerprint": "14a08beb39ae4d791f096e03c20e2591",
            "severity": "major",
            "location": {
              "path": "content/_index.md",
              "lines": {
                "begin": 3
              }
            }
          }
        ]
    "#]]);
}

#[test]
fn a_fingerprint_does_not_change_with_the_line() {
    let ids = |handbook: &Handbook| -> Vec<String> {
        let printed = handbook.run("check --format gitlab -q").stdout;
        printed.lines().filter(|line| line.contains("fingerprint")).map(str::to_owned).collect()
    };
    let handbook = broken();
    let before = ids(&handbook);
    let handbook =
        handbook.file("content/_index.md", "# Home\n\nNew.\n\nSee [leave](/leeve/) and [days](leave.md#dayz).\n");
    assert_eq!((ids(&handbook), before.len()), (before, 2));
}

#[test]
fn in_actions_there_are_annotations_and_a_summary_of_the_job() {
    let handbook = broken().file("summary.md", "# Before\n");
    let summary = handbook.path("summary.md");
    let variables = [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
    handbook.run_with("check", &variables).status(0).stdout(expect![[r#"
        ::warning file=content/_index.md,line=3,col=5,title=link-page::there is no page `/leeve/`%0Adid you mean `/leave/`?
        ::warning file=content/_index.md,line=3,col=26,title=link-anchor::`leave.md` has no heading or anchor `#dayz`%0Aa similar one is `#days`
    "#]]);
    expect![[r#"
        # Before
        ## Handbook check

        | Severity | Code | Number |
        |---|---|--:|
        | warning | [`link-page`](https://example.github.io/handbook/guide/messages/link-page/) | 1 |
        | warning | [`link-anchor`](https://example.github.io/handbook/guide/messages/link-anchor/) | 1 |

        | Where | What | How to mend it |
        |---|---|---|
        | content/_index.md:3 | there is no page `/leeve/` (`link-page`) | did you mean `/leave/`? |
        | content/_index.md:3 | `leave.md` has no heading or anchor `#dayz` (`link-anchor`) | a similar one is `#days` |
    "#]]
    .assert_eq(&handbook.text("summary.md"));
    handbook.run_with("check --format short -q", &variables).status(0).stdout(expect![[r#"
        content/_index.md:3:5: warning[link-page]: there is no page `/leeve/`
        content/_index.md:3:26: warning[link-anchor]: `leave.md` has no heading or anchor `#dayz`
    "#]]);
}

#[test]
fn a_fix_that_would_leave_a_dead_link_is_not_made() {
    let page = "# Home\n\n[Case](/Leave/#gone), [case](/Leave/#days), [own](www.example.org/gone/)\n";
    let handbook =
        broken().file("site.toml", "[links]\nhosts = [\"www.example.org\"]\n").file("content/_index.md", page);
    handbook.run("check --fix -q").status(0);
    expect![[r#"
        # Home

        [Case](/Leave/#gone), [case](/leave/#days), [own](www.example.org/gone/)
    "#]]
    .assert_eq(&handbook.text("content/_index.md"));
}

#[test]
fn known_problems_do_not_count_wherever_they_move() {
    let handbook = broken();
    handbook.run("check --strict --baseline known.txt").status(2).stderr(expect![[r#"
        error: there is no list of known problems `known.txt`
          = help: `handbook check --update-baseline` writes it
    "#]]);
    handbook.run("check --update-baseline").status(2).stderr(expect![[r#"
        error: where is the list of known problems to be?
          = help: add `--baseline FILE`, or set `baseline` under `[check]` in site.toml
    "#]]);
    handbook.run("check --strict --baseline known.txt --update-baseline").status(0).stderr(expect![[r#"
        Checked 2 pages in [TIME] and found no problems; 2 known problems in `known.txt` left out
    "#]]);
    expect![[r#"
        # Problems that are known and do not count. `handbook check --update-baseline` writes this file anew.
        link-anchor	content/_index.md	`leave.md` has no heading or anchor `#dayz`
        link-page	content/_index.md	there is no page `/leeve/`
    "#]]
    .assert_eq(&handbook.text("known.txt"));
    let moved = "# Home\n\nAbove.\n\nSee [leave](/leeve/) and [days](leave.md#dayz).\n";
    let handbook = handbook.file("content/_index.md", moved);
    handbook.run("check --strict --baseline known.txt").status(0).stdout(expect![[""]]).stderr(expect![[r#"
        Checked 2 pages in [TIME] and found no problems; 2 known problems in `known.txt` left out
    "#]]);
    // The same again is a new one; another was mended.
    let handbook = handbook.file("content/_index.md", "# Home\n\n[leave](/leeve/), [leave](/leeve/)\n");
    handbook
        .run("check --strict --baseline known.txt --format short")
        .status(1)
        .stdout(expect![[r#"
            content/_index.md:3:19: warning[link-page]: there is no page `/leeve/`
        "#]])
        .stderr(expect![[r#"
            Checked 2 pages in [TIME] and found 1 warning; `--strict` makes warnings count as errors; 1 known problem in `known.txt` left out, 1 of it mended: `--update-baseline` forgets them
        "#]]);
}

#[test]
fn the_list_of_known_problems_in_the_settings_holds_for_builds_too() {
    let handbook = broken().file("site.toml", "[check]\nbaseline = \"known.txt\"\n");
    handbook.run("check --update-baseline -q").status(0);
    handbook.run("check --strict").status(0);
    handbook.run("build --strict").status(0).stdout(expect![[""]]).stderr(expect![[r#"
        Built 2 pages in [TIME] → public/
    "#]]);
    let handbook = handbook.file("known.txt", "<<<<<<< ours\n");
    handbook.run("build").status(2).stderr(expect![[r#"
        error: `[DIR]/known.txt`, line 1: this is no known problem
          = help: `handbook check --update-baseline` writes the file anew
    "#]]);
}

#[test]
fn build_servers_get_paths_from_where_the_check_was_started() {
    let handbook = Handbook::new().file("docs/content/_index.md", "# Home\n\nSee [leave](/leeve/).\n");
    handbook.run("check docs --format github").stdout(expect![[r#"
        ::warning file=docs/content/_index.md,line=3,col=5,title=link-page::there is no page `/leeve/`
    "#]]);
    for format in ["sarif", "gitlab", "junit"] {
        let ran = handbook.run(&format!("check docs --format {format}"));
        assert!(ran.stdout.contains("docs/content/_index.md"), "{}", ran.stdout);
    }
    // People and editors look from the handbook's own folder.
    handbook.run("check docs --format short").stdout(expect![[r#"
        content/_index.md:3:5: warning[link-page]: there is no page `/leeve/`
    "#]]);
}

#[test]
fn a_person_at_a_terminal_is_told_where_messages_are_explained() {
    let ran = broken().run_with("check", &[("CLICOLOR_FORCE", "1")]);
    let link = concat!("\u{1b}]8;;", env!("CARGO_PKG_HOMEPAGE"), "guide/messages/link-page/\u{1b}\\");
    assert!(ran.stderr.contains(link), "{:?}", ran.stderr);
}

#[test]
fn fixes_of_a_file_that_is_left_alone_are_not_counted() {
    let mut bytes = b"[leave](/Leave/) caf".to_vec();
    bytes.extend(b"\xE9\n");
    let handbook = Handbook::new()
        .file("content/_index.md", "# Home\n\n[leave](/Leave/)\n")
        .file("content/a.md", bytes)
        .file("content/leave.md", "# Leave\n");
    let ran = handbook.run("check --fix");
    assert!(ran.stderr.contains("error: `content/a.md` was left as it is: it is not UTF-8"), "{}", ran.stderr);
    assert!(ran.stderr.contains("Mended 1 problem in 1 file\n"), "{}", ran.stderr);
}

#[test]
fn addresses_of_one_page_that_differ_by_case_name_it_once() {
    let handbook = Handbook::new().file("content/leave.md", "---\naliases: [/Leave/]\n---\n# Leave\n");
    handbook.run("check --format short").stdout(expect![[r#"
        content/leave.md: warning[url-case]: `/Leave/` and `/leave/` differ only by upper and lower case, both of `content/leave.md`
    "#]]);
}

#[test]
fn build_reports_what_check_reports() {
    let codes = ["title-duplicate", "page-orphan", "image-large", "review-due", "title-missing", "description-missing"];
    let levels: String = codes.iter().map(|code| format!("{code} = \"warning\"\n")).collect();
    let handbook = broken()
        .file("site.toml", format!("[check]\nimage_size = 1\n[check.severity]\n{levels}"))
        .file("content/a.md", "---\ntitle: Leave\nnav: false\nreview_by: 2020-01-31\n---\n\n[x][y]\n\n[z]: /\n")
        .file("content/b.md", "Text. TODO\n")
        .file("content/large.png", vec![0; 3000]);
    let checked = handbook.run("check --format short").stdout;
    assert!(codes.iter().all(|code| checked.contains(&format!("[{code}]"))), "{checked}");
    assert_eq!(handbook.run("build --format short").stdout, checked);
}
