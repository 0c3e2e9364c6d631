//! The OpenAPI document and the routes are the same.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Request, Server};

/// Method and path of every operation of the document.
fn documented(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().expect("there are paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("it has operations").keys();
        methods.map(move |method| (method.to_uppercase(), path.clone()))
    });
    operations.collect()
}

/// Every path that the code of the server gives to a router, or names as one of a provider.
fn routed(folder: &Path, paths: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder is read") {
        let path = entry.expect("it has an entry").path();
        if path.is_dir() {
            routed(&path, paths);
            continue;
        }
        let text = fs::read_to_string(&path).expect("code is text");
        let code = text.split("#[cfg(test)]\nmod tests {").next().expect("there is a first part");
        if path.ends_with("chat/route.rs") {
            paths
                .extend(code.split('"').filter(|word| word.starts_with("/v1/")).map(str::to_owned));
        }
        let calls = code.split(".route(").skip(1).filter_map(|call| {
            call.trim_start().strip_prefix('"')?.split('"').next().map(str::to_owned)
        });
        paths.extend(calls);
    }
}

#[test]
fn every_route_is_in_the_document_and_every_operation_is_a_route() {
    let server = Server::sample();
    let document = server.get("/openapi.json").json();
    let documented = documented(&document);

    let mut routed_paths = BTreeSet::new();
    routed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut routed_paths);
    assert!(routed_paths.len() > 10, "{routed_paths:?}");
    let documented_paths: BTreeSet<_> = documented.iter().map(|(_, path)| path.clone()).collect();
    assert_eq!(documented_paths, routed_paths);

    for (method, path) in &documented {
        let real = path.replace("{name}", "sample");
        let response = server.send(&Request::new(method, &real));
        assert_ne!(response.status, 405, "{method} {path}");
        let unrouted = response.status == 404 && response.detail().contains("nothing at this path");
        assert!(!unrouted, "{method} {path}");
        for other in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if !documented.contains(&(other.to_owned(), path.clone())) {
                let response = server.send(&Request::new(other, &real));
                assert_eq!(response.status, 405, "{other} {path}");
                let allowed = response.header("allow").expect("it says which methods there are");
                assert!(allowed.split(',').any(|allowed| allowed == method), "{other} {path}");
            }
        }
    }
}

/// The status that a request is answered with, after a look whether the document has it.
#[track_caller]
fn check(server: &Server, document: &Value, operation: (&str, &str), request: &Request) -> u16 {
    let (method, path) = operation;
    let response = server.send(request);
    let documented = &document["paths"][path][method]["responses"][response.status.to_string()];
    let content = documented["content"].as_object();
    let content = content.unwrap_or_else(|| panic!("{} of {path} is missing", response.status));
    let media_type = response.header("content-type").expect("it has a type");
    let essence = media_type.split(';').next().expect("it has an essence");
    assert!(content.contains_key(essence), "{essence} is none of {content:?}");
    let privacy = &documented["headers"]["HLP-Privacy"]["schema"]["pattern"];
    assert_eq!(privacy.is_string(), path.starts_with("/v1/"), "{path}");
    assert_eq!(response.header("hlp-privacy").is_some(), privacy.is_string(), "{path}");
    response.status
}

#[test]
fn what_is_answered_is_documented_with_status_and_type() {
    let server = Server::sample();
    let document = server.get("/openapi.json").json();
    for path in
        ["/healthz", "/readyz", "/v1/params", "/v1/matrices", "/v1/privacy/budget", "/metrics"]
    {
        assert_eq!(check(&server, &document, ("get", path), &Request::get(path)), 200);
    }
    let centroids = ("get", "/v1/matrices/{name}/centroids");
    let request = Request::get("/v1/matrices/sample/centroids");
    assert_eq!(check(&server, &document, centroids, &request), 404);
    let apply = ("post", "/v1/matrices/{name}/apply");
    let good = he_client::SecretKey::generate().encrypt(&[1, 2, 3]).unwrap().to_bytes();
    let long = he_client::SecretKey::generate().encrypt(&[1; 4]).unwrap().to_bytes();
    let sample = |body: &[u8]| Request::apply("sample", body);
    for (status, request) in [
        (200, sample(&good)),
        (400, sample(b"")),
        (404, Request::apply("other", &good)),
        (400, sample(&good).header("if-match", "sha256:00")),
        (412, sample(&good).header("if-match", "\"sha256:00\"")),
        (413, sample(&good.repeat(9))),
        (415, sample(&good).header("content-type", "text/plain")),
        (422, sample(&long)),
    ] {
        assert_eq!(check(&server, &document, apply, &request), status);
    }
}

#[test]
fn the_document_is_of_version_3_1_and_names_what_a_client_needs() {
    let document = Server::sample().get("/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let apply = &document["paths"]["/v1/matrices/{name}/apply"]["post"];
    let parameters = apply["parameters"].as_array().expect("it has parameters");
    let names: Vec<_> = parameters.iter().map(|parameter| parameter["name"].as_str()).collect();
    let expected = ["name", "shards", "HLP-Epsilon", "If-Match"].map(Some);
    assert_eq!(names, expected);
    // They may be left out; none can be null.
    for parameter in &parameters[1..] {
        assert_eq!(parameter["required"], false, "{parameter}");
        assert!(parameter["schema"]["type"].is_string(), "{parameter}");
    }
    assert!(apply["requestBody"]["content"]["application/vnd.hlp.v1"].is_object());
    let problem = &apply["responses"]["412"]["content"]["application/problem+json"];
    let example = &problem["examples"]["MATRIX_CHANGED"]["value"];
    assert_eq!(example["type"], "urn:hlp:problem:matrix-changed");
}

/// The document in the repository, from which the site makes its page and which a review sees.
fn stored() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json")
}

fn served() -> String {
    let document = Server::sample().get("/openapi.json").json();
    serde_json::to_string_pretty(&document).expect("it is JSON") + "\n"
}

#[test]
fn the_stored_document_is_the_one_that_is_served() {
    let stored = fs::read_to_string(stored()).expect("apps/proxy/openapi.json is there");
    assert!(
        stored == served(),
        "openapi.json is out of date: cargo test -p proxy --test document -- --ignored write"
    );
}

#[test]
#[ignore = "writes the stored document anew"]
fn write_the_stored_document() {
    fs::write(stored(), served()).expect("it is written");
}
