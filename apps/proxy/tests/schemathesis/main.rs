//! The HTTP API against its own document, by schemathesis: `npx nx test-openapi proxy`.

#[path = "../support/mod.rs"]
mod support;

mod provider;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use support::{Request, Server};
use workspace::Workspace;

const TOKEN: &str = "a token that only the tests know";

fn start(workspace: &Workspace) -> Server {
    Server::start(&[Path::new("--config"), &workspace.config()])
}

fn document(server: &Server) -> Value {
    server.get("/openapi.json").json()
}

#[test]
fn every_route_that_the_document_puts_behind_a_token_refuses_who_has_none() {
    let workspace = Workspace::new(TOKEN, &provider::start());
    let server = start(&workspace);
    let mut guarded = 0;
    for (path, operations) in document(&server)["paths"].as_object().expect("there are paths") {
        for (method, operation) in operations.as_object().expect("a path has operations") {
            let request = Request::new(&method.to_uppercase(), &path.replace("{name}", "scores"));
            let status = server.send(&request).status;
            if operation["security"].is_null() {
                assert_ne!(status, 401, "{method} {path}");
            } else {
                assert_eq!(status, 401, "{method} {path}");
                guarded += 1;
            }
        }
    }
    assert!(guarded > 5, "only {guarded} routes are behind a token");
}

/// The program that set-up installs.
fn schemathesis() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/referees/proxy/bin/schemathesis")
}

/// Runs schemathesis over a document, and gives whether it found nothing, with what it printed.
fn judge(server: &Server, workspace: &Workspace, document: &Path, more: &[&str]) -> (bool, String) {
    let output = Command::new(schemathesis())
        // It writes beside its configuration.
        .current_dir(workspace.folder())
        .args(["--no-color", "run", "--checks", "all", "--url"])
        .arg(format!("http://{}", server.address()))
        .args(more)
        .arg(document)
        .env("HLP_TOKEN", TOKEN)
        .env("HLP_BODIES", workspace.folder())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("schemathesis starts; npm run setup installs it");
    let text = [output.stdout, output.stderr].concat();
    // Bodies are ciphertexts: no line is worth more than its beginning.
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().map(|line| line.chars().take(300).collect::<String>());
    (output.status.success(), lines.collect::<Vec<_>>().join("\n"))
}

#[test]
#[ignore = "takes a minute and schemathesis: npx nx test-openapi proxy"]
fn schemathesis_finds_nothing_in_the_answers_of_any_route() {
    let workspace = Workspace::new(TOKEN, &provider::start());
    let server = start(&workspace);
    let file = workspace.write("openapi.json", &document(&server).to_string());
    let (passed, report) = judge(&server, &workspace, &file, &[]);
    assert!(passed, "{report}");
    // Requests that are to be accepted were: products were computed.
    let request = Request::get("/metrics").header("authorization", &format!("Bearer {TOKEN}"));
    let metrics = String::from_utf8(server.send(&request).body).expect("metrics are text");
    let is_product = |line: &str| line.contains("apply") && line.contains("status=\"200\"");
    assert!(metrics.lines().any(is_product), "no product was computed:\n{metrics}");
}

#[test]
#[ignore = "takes schemathesis: npx nx test-openapi proxy"]
fn schemathesis_finds_a_document_that_is_wrong_about_one_answer() {
    let workspace = Workspace::new(TOKEN, &provider::start());
    let server = start(&workspace);
    let mut wrong = document(&server);
    let schema = json!({ "type": "object", "required": ["nothing-has-this"] });
    wrong["paths"]["/healthz"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] =
        schema;
    let file = workspace.write("wrong.json", &wrong.to_string());
    let (passed, report) = judge(&server, &workspace, &file, &["--include-path", "/healthz"]);
    assert!(!passed && report.contains("nothing-has-this"), "{report}");
}
