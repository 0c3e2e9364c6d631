//! What the binary says about itself.

use crate::{Outcome, run};

#[test]
fn the_help_names_every_command_and_how_to_configure() {
    let Outcome { status, stdout, .. } = run(&["--help"], &[]);
    assert_eq!(status, Some(0));
    for word in ["serve", "check-config", "token", "HLP__SERVER__LISTEN", "Exit status"] {
        assert!(stdout.contains(word), "{word} is not in: {stdout}");
    }
    for (command, options) in [
        ("serve", &["--config <FILE>", "--listen <ADDRESS>", "--matrix <MANIFEST>"][..]),
        ("check-config", &["--config <FILE>", "--json"]),
        ("token", &["<NAME>"]),
    ] {
        let Outcome { status, stdout, .. } = run(&[command, "--help"], &[]);
        assert_eq!(status, Some(0));
        assert!(options.iter().all(|option| stdout.contains(option)), "{stdout}");
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    let expected = concat!("hlp-proxy ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(run(&["--version"], &[]).stdout, expected);
}

#[test]
fn wrong_usage_ends_with_status_2_and_the_command_that_was_meant() {
    let Outcome { status, stdout, stderr } = run(&["chek-config"], &[]);
    assert_eq!((status, &*stdout), (Some(2), ""));
    assert!(stderr.contains("'check-config'"), "{stderr}");
    for arguments in [&[][..], &["serve", "--nothing"], &["token"], &["check-config", "x"]] {
        assert_eq!(run(arguments, &[]).status, Some(2), "{arguments:?}");
    }
}

#[test]
fn an_address_that_is_none_names_the_option() {
    let Outcome { status, stderr, .. } = run(&["serve", "--listen", "here"], &[]);
    assert_eq!(status, Some(2));
    assert!(stderr.starts_with("error: --listen: server.listen: "), "{stderr}");
}
