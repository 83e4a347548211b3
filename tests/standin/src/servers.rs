//! The two listeners of a stand-in, its certificate, and the runtime they live on: its own, so that a test's clock, load and end
//! do not touch it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::routing::any;
use axum::serve::ListenerExt;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::{Shared, gateway, rest};

/// The names the certificate is good for: the API, and where files lie.
const NAMES: [&str; 2] = ["discord.com", "cdn.discordapp.com"];

pub(crate) struct Servers {
    runtime: Option<Runtime>,
    pub(crate) address: SocketAddr,
    pub(crate) ca_pem: String,
    pub(crate) ca_file: PathBuf,
}

struct Identity {
    ca_pem: String,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Servers {
    pub(crate) async fn start(shared: &Arc<Shared>) -> Self {
        let identity = identity();
        let ca_pem = identity.ca_pem.clone();
        let ca_file = write_ca(&ca_pem);
        let rest_listener = listener();
        let gateway_listener = listener();
        let address = rest_listener.local_addr().expect("a bound socket has an address");
        let gateway_address = gateway_listener.local_addr().expect("a bound socket has an address");
        shared.with(|world| world.gateway_url = format!("ws://{gateway_address}"));

        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("standin")
            .enable_all()
            .build()
            .expect("a runtime needs one thread");
        let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(tls(identity))).acceptor(NoDelayAcceptor);
        let calls = Router::new().fallback(rest::serve).with_state(Arc::clone(shared));
        let sockets = Router::new().route("/", any(gateway::upgrade)).with_state(Arc::clone(shared));
        runtime.spawn(async move {
            let server = axum_server::from_tcp(rest_listener).expect("the socket does not block").acceptor(acceptor);
            server.serve(calls.into_make_service()).await
        });
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(gateway_listener).expect("the socket does not block");
            // Small frames must not wait for acknowledgements: 40 ms each time.
            let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
            axum::serve(listener, sockets).await
        });
        Self { runtime: Some(runtime), address, ca_pem, ca_file }
    }

    pub(crate) fn runtime(&self) -> &Handle {
        self.runtime.as_ref().expect("it runs until the last handle goes").handle()
    }

    pub(crate) fn stop(&mut self) {
        // Without waiting: this may happen inside another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        // A file that is gone needs no removing.
        let _ = std::fs::remove_file(&self.ca_file);
    }
}

fn listener() -> TcpListener {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port on 127.0.0.1");
    listener.set_nonblocking(true).expect("a socket can be asked not to block");
    listener
}

fn write_ca(pem: &str) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("standin-{}-{number}.pem", std::process::id()));
    std::fs::write(&file, pem).expect("the temporary folder can be written");
    file
}

fn identity() -> Identity {
    let mut root = CertificateParams::default();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.distinguished_name.push(DnType::CommonName, "Stand-in for tests");
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let root_key = KeyPair::generate().expect("ring makes keys");
    let ca_pem = root.self_signed(&root_key).expect("a root signs itself").pem();
    let issuer = Issuer::new(root, root_key);

    let mut leaf = CertificateParams::new(NAMES.map(str::to_owned)).expect("both are host names");
    leaf.distinguished_name.push(DnType::CommonName, NAMES[0]);
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate().expect("ring makes keys");
    let certificate = leaf.signed_by(&key, &issuer).expect("the root may sign").der().clone();
    Identity { ca_pem, certificate, key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())) }
}

fn tls(identity: Identity) -> Arc<rustls::ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("ring has the default versions").with_no_client_auth();
    let mut config = config.with_single_cert(vec![identity.certificate], identity.key).expect("the key is the certificate's");
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}
