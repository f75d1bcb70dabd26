package qrate.acme;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TokenChallenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;
import qrate.certificate.Pair;
import qrate.certificate.Settings;

/// A CA that speaks ACME (RFC 8555), asked by acme4j.
final class AcmeAuthority implements Authority {
    /// How long a CA may take to believe a name, or to sign.
    static final Duration STEP_MAX = Duration.ofMinutes(3);

    private static final Duration CONNECT_MAX = Duration.ofSeconds(15);
    private static final Duration POLL_MIN = Duration.ofSeconds(1);
    private static final Duration POLL_MAX = Duration.ofSeconds(15);
    private static final String ACCOUNT_MISSING = "accountDoesNotExist";

    private final Settings settings;
    private final Path accountKey;
    private final Bounded client;
    private final Session session;

    /// @param accountKey file of the account's key, which is made when it is missing
    AcmeAuthority(Settings settings, Path accountKey, InstantSource clock) throws IOException {
        this.settings = settings;
        this.accountKey = accountKey;
        this.client = new Bounded(client(settings), Bounded.ANSWER_MAX, clock);
        this.session = new Session(settings.directory(), new Provider(client));
        session.setLocale(Locale.ENGLISH);
        session.networkSettings().setCompressionEnabled(false);
        session.networkSettings().setTimeout(Bounded.ANSWER_MAX);
    }

    /// Any CA: each is asked by the same rules, and by our client.
    private static final class Provider extends GenericAcmeProvider {
        private final Bounded client;

        Provider(Bounded client) {
            this.client = client;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings networkSettings) {
            return client;
        }
    }

    private static HttpClient client(Settings settings) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT_MAX);
        if (settings.trusted().isPresent()) {
            builder.sslContext(trusting(settings.trusted().get()));
        }
        return builder.build();
    }

    private static SSLContext trusting(String pem) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
                store.setCertificateEntry("ca" + number++, one);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("control/acmeca: no certificates that can be used: " + e.getMessage(), e);
        }
    }

    /// What goes through the library.
    @FunctionalInterface
    private interface Asking<T> {
        T ask() throws AcmeException, IOException, InterruptedException;
    }

    /// Whatever the library throws about the other side is a refusal: it throws unchecked where an answer is
    /// nonsense.
    private <T> T asked(Asking<T> asking) throws IOException, InterruptedException {
        try {
            return asking.ask();
        } catch (AcmeException | RuntimeException e) {
            throw new Refused(settings.directory().getHost() + ": " + reason(e), retryAfter(e), e);
        }
    }

    private Optional<Instant> retryAfter(Exception e) {
        Optional<Instant> told =
                e instanceof AcmeRateLimitedException limited ? limited.getRetryAfter() : Optional.empty();
        return told.or(client::retryAfter);
    }

    /// The innermost message, which is the one that says something.
    private static String reason(Throwable e) {
        String found = e.toString();
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at.getMessage() != null) {
                found = at instanceof AcmeServerException server
                        ? type(server) + ": " + server.getMessage()
                        : at.getMessage();
            }
        }
        return found;
    }

    /// The last part of `urn:ietf:params:acme:error:…`.
    private static String type(AcmeServerException e) {
        String type = e.getType().toString();
        return type.substring(type.lastIndexOf(':') + 1);
    }

    @Override
    public void look() throws IOException, InterruptedException {
        asked(() -> {
            session.resourceUrl(Resource.NEW_ORDER);
            if (session.getMetadata().isExternalAccountRequired()
                    && settings.binding().isEmpty()) {
                throw new AcmeException("wants an account of its own site: put its ID and key into control/acmeeab");
            }
            return true;
        });
    }

    /// The account of our key; a new one where there is none. What binds it is sent only then: some CAs take
    /// it once.
    private Login login() throws AcmeException, IOException {
        KeyPair key = Keys.of(accountKey);
        try {
            return new AccountBuilder().onlyExisting().useKeyPair(key).createLogin(session);
        } catch (AcmeServerException e) {
            if (!e.getType().toString().endsWith(ACCOUNT_MISSING)) {
                throw e;
            }
        }
        AccountBuilder account = new AccountBuilder().agreeToTermsOfService().useKeyPair(key);
        settings.email().ifPresent(account::addEmail);
        settings.binding().ifPresent(one -> account.withKeyIdentifier(one.id(), one.key()));
        return account.createLogin(session);
    }

    @Override
    public List<Pair> order(Answering answering, Optional<X509Certificate> replaced)
            throws IOException, InterruptedException {
        look();
        return asked(() -> {
            Login login = login();
            List<Pair> pairs = new ArrayList<>();
            for (Settings.Kind kind : settings.kinds()) {
                Optional<X509Certificate> before =
                        replaced.filter(one -> one.getPublicKey().getAlgorithm().equals(kind.algorithm()));
                pairs.add(one(ordered(login, before), kind, answering));
            }
            return pairs;
        });
    }

    /// A new order. That it replaces a certificate is said where the CA knows what that is (RFC 9773 §5); one
    /// that does not like it is asked again without.
    private Order ordered(Login login, Optional<X509Certificate> before) throws AcmeException {
        if (before.isPresent()
                && session.resourceUrlOptional(Resource.RENEWAL_INFO).isPresent()) {
            try {
                return builder(login).replaces(before.get()).create();
            } catch (AcmeRateLimitedException e) {
                throw e;
            } catch (AcmeServerException | IllegalArgumentException _) {
                // it is not its own, or has been replaced already
            }
        }
        return builder(login).create();
    }

    private OrderBuilder builder(Login login) {
        return login.newOrder().domains(settings.names());
    }

    private Pair one(Order order, Settings.Kind kind, Answering answering)
            throws AcmeException, IOException, InterruptedException {
        Set<String> open = new HashSet<>(settings.names());
        for (Authorization one : order.getAuthorizations()) {
            String name = (one.isWildcard() ? "*." : "") + one.getIdentifier().getDomain();
            if (!open.remove(name)) {
                throw new AcmeException("wants proof for " + name + ", which was not ordered");
            }
            if (one.getStatus() != Status.VALID) {
                prove(one, answering);
            }
        }
        if (poll(order, EnumSet.of(Status.READY, Status.VALID, Status.INVALID)) != Status.READY) {
            throw new AcmeException("refused the order"
                    + order.getError().map(why -> ": " + why).orElse(""));
        }
        KeyPair key = Keys.next(accountKey.getParent(), kind);
        order.execute(key);
        if (poll(order, EnumSet.of(Status.VALID, Status.INVALID)) != Status.VALID) {
            throw new AcmeException(
                    "did not sign" + order.getError().map(why -> ": " + why).orElse(""));
        }
        return new Pair(key.getPrivate(), order.getCertificate().getCertificateChain());
    }

    private static void prove(Authorization one, Answering answering)
            throws AcmeException, IOException, InterruptedException {
        String name = one.getIdentifier().getDomain();
        TokenChallenge challenge;
        Answering.Answer answer;
        switch (answering) {
            case HttpDoor _ -> {
                Http01Challenge http = one.findChallenge(Http01Challenge.class)
                        .orElseThrow(() -> new AcmeException("takes no proof by HTTP for " + name));
                challenge = http;
                answer = new Answering.Answer(name, http.getToken(), http.getAuthorization());
            }
            case Hook _ -> {
                Dns01Challenge dns = one.findChallenge(Dns01Challenge.class)
                        .orElseThrow(() -> new AcmeException("takes no proof by DNS for " + name));
                challenge = dns;
                answer = new Answering.Answer(name, "", dns.getDigest());
            }
        }
        try {
            answering.present(answer);
            challenge.trigger();
            if (poll(challenge, EnumSet.of(Status.VALID, Status.INVALID)) != Status.VALID) {
                throw new AcmeException("does not believe that " + name + " is ours"
                        + challenge.getError().map(why -> ": " + why).orElse(""));
            }
        } finally {
            answering.remove(answer);
        }
    }

    /// Asks again as often as the CA wants, within bounds of ours: no answer of its makes us hurry or wait
    /// for ever.
    private static Status poll(PollableResource what, Set<Status> wanted) throws AcmeException, InterruptedException {
        long end = System.nanoTime() + STEP_MAX.toNanos();
        Status status = what.getStatus();
        while (!wanted.contains(status)) {
            Instant now = Instant.now();
            Duration wait = what.fetch().map(at -> Duration.between(now, at)).orElse(POLL_MIN);
            status = what.getStatus();
            if (!wanted.contains(status)) {
                if (System.nanoTime() > end) {
                    throw new AcmeException("says " + status + " for " + STEP_MAX.toSeconds() + " seconds");
                }
                Thread.sleep(wait.compareTo(POLL_MIN) < 0 ? POLL_MIN : wait.compareTo(POLL_MAX) > 0 ? POLL_MAX : wait);
            }
        }
        return status;
    }

    @Override
    public Optional<Window> advice(X509Certificate certificate) throws IOException, InterruptedException {
        return asked(() -> {
            if (session.resourceUrlOptional(Resource.RENEWAL_INFO).isEmpty()) {
                return Optional.empty();
            }
            // nothing is signed for this question: no account is needed
            Login nobody = session.login(url(settings.directory()), Keys.of(accountKey));
            RenewalInfo told = nobody.bindRenewalInfo(certificate);
            Optional<Instant> again = told.fetch();
            return Optional.of(new Window(told.getSuggestedWindowStart(), told.getSuggestedWindowEnd(), again));
        });
    }

    private static URL url(URI uri) throws IOException {
        try {
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new IOException("control/acme: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
