package qrate.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import qrate.core.Body;
import qrate.core.Log;
import qrate.dkim.Algorithm;
import qrate.dkim.Content;
import qrate.dkim.DkimKeys;
import qrate.dkim.Limits;
import qrate.dkim.Signing;
import qrate.dkim.SigningKey;
import qrate.dns.DnsClient;
import qrate.dns.Question;
import qrate.signer.KeyFolder;
import qrate.testkit.DnsServer;

/// Signing with both algorithms, beside what the JDK signs by itself in the same run; and the memory that the keys and
/// policies of many domains take, and that the gate and the signer take at rest.
final class SigningPart {
    private static final int THREADS = 2;
    private static final int DOMAINS = 10_000;
    private static final int DNS_BYTES = 28_000_000; // as the gate has
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long HOUR_SECONDS = 3600;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final double MIB = 1 << 20;
    private static final String MAIN = "qrate.images.queue.Main";

    private final BenchRun run;

    private SigningPart(BenchRun run) {
        this.run = run;
    }

    static void run(BenchRun run) throws IOException {
        SigningPart part = new SigningPart(run);
        try {
            part.signing();
            part.holding();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        part.idle("gate", Map.of("QRATE_GATE", "inet:" + Processes.freePort() + "@127.0.0.1"));
        part.idle("signer", Map.of());
    }

    /// What is done again and again.
    @FunctionalInterface
    private interface Act {
        void run() throws Exception;
    }

    /// How often something is done in a second, by two threads: the median of the rounds, after one that warms up.
    private double rate(Act act) throws IOException {
        double[] rates = new double[run.size().rounds()];
        once(act);
        for (int i = 0; i < rates.length; i++) {
            rates[i] = once(act);
        }
        return Sample.median(rates);
    }

    private static double once(Act act) throws IOException {
        long start = System.nanoTime();
        Callable<Long> loop = () -> {
            long done = 0;
            while (System.nanoTime() - start < ROUND_NANOS) {
                act.run();
                done++;
            }
            return done;
        };
        long all = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(loop));
            }
            for (Future<Long> one : running) {
                all += one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return all * 1e9 / (System.nanoTime() - start);
    }

    /// The JDK alone signs 32 bytes with each; ours reads a message, makes its hashes and both fields.
    private void signing() throws IOException, GeneralSecurityException {
        PrivateKey rsa = DkimKeys.generate(Algorithm.RSA_SHA256, new SecureRandom());
        PrivateKey ed = DkimKeys.generate(Algorithm.ED25519_SHA256, new SecureRandom());
        byte[] hash = new byte[32];
        double jdk = rate(() -> {
            sign("NONEwithRSA", rsa, hash);
            sign("Ed25519", ed, hash);
        });
        List<SigningKey> keys = List.of(
                new SigningKey(Server.DOMAIN, "r", Algorithm.RSA_SHA256),
                new SigningKey(Server.DOMAIN, "e", Algorithm.ED25519_SHA256));
        Signing.Terms terms = Signing.Terms.usual(keys);
        Body body = Body.of(message().getBytes(ISO_8859_1));
        double ours = rate(() -> {
            Content content = Content.of(body, Content.Form.SENT, Limits.USUAL, List.of(Signing::wanted));
            Signing.Signed signed = Signing.sign(
                    content,
                    terms,
                    (names, digest) -> {
                        try {
                            return names.algorithm().sign(names.algorithm() == Algorithm.RSA_SHA256 ? rsa : ed, digest);
                        } catch (GeneralSecurityException e) {
                            throw new IOException(e);
                        }
                    },
                    Instant.now());
            if (signed instanceof Signing.Signed.Refused(var why)) {
                throw new IOException(why);
            }
        });
        run.out()
                .printf(
                        "signing with RSA-2048 and Ed25519, %d threads: %.0f messages of 4 KiB/s; the JDK alone %.0f/s (%.0f %%)%n%n",
                        THREADS, ours, jdk, 100 * ours / jdk);
    }

    private static void sign(String algorithm, PrivateKey key, byte[] hash) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(hash);
        signature.sign();
    }

    private static String message() {
        return "From: a@" + Server.DOMAIN
                + "\nTo: b@client.test\nSubject: load\nDate: Mon, 30 Nov 2026 12:00:00 +0000\n" + "Message-ID: <1@"
                + Server.DOMAIN + ">\n\n" + ("x".repeat(71) + "\n").repeat(4 * BenchRun.BODY_BYTES / 72);
    }

    /// What the signer and the gate hold.
    ///
    /// @param read keys that were read
    private record Held(KeyFolder keys, DnsClient records, int read) {}

    /// Keys and policies of many domains, as the signer and the gate hold them: both hold what they used last.
    private void holding() throws IOException, GeneralSecurityException {
        long before = used();
        Held held = held(Files.createDirectories(run.root().resolve("many-keys")));
        try {
            run.out()
                    .printf(
                            "keys of %d domains at the signer (%d keys read) and their records at the gate: %.1f MiB of heap%n%n",
                            DOMAINS, held.read, (used() - before) / MIB);
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    private static Held held(Path folder) throws IOException, GeneralSecurityException {
        byte[] rsa = pem(Algorithm.RSA_SHA256);
        byte[] ed = pem(Algorithm.ED25519_SHA256);
        PrivateKey published = DkimKeys.generate(Algorithm.RSA_SHA256, new SecureRandom());
        String record = DkimKeys.record(published);
        KeyFolder.Rules rules = new KeyFolder.Rules(_ -> true, () -> Duration.ZERO);
        KeyFolder keys = new KeyFolder(folder, rules, InstantSource.system(), new SecureRandom(), Log.silent());
        int read = 0;
        try (DnsServer dns = DnsServer.start().ttl(HOUR_SECONDS)) {
            DnsClient client = DnsClient.remembering(Map.of("QRATE_DNS", dns.hostAndPort()), DNS_BYTES);
            for (int i = 0; i < DOMAINS; i++) {
                String domain = "d" + i + ".test";
                Path home = Files.createDirectories(folder.resolve(domain));
                Files.write(home.resolve("r.pem"), rsa);
                Files.write(home.resolve("e.pem"), ed);
                read += keys.keys(domain).size();
                dns.putText("k._domainkey." + domain, record);
                dns.putText("_dmarc." + domain, SignedMail.POLICY).putText(domain, SignedMail.SPF);
                for (String name : List.of("k._domainkey." + domain, "_dmarc." + domain, domain)) {
                    client.ask(Question.texts(name), ANSWER_MAX);
                    dns.remove(name);
                }
            }
            return new Held(keys, client, read);
        } finally {
            Processes.run("rm", "-rf", folder.toString());
        }
    }

    private static byte[] pem(Algorithm algorithm) throws GeneralSecurityException {
        return DkimKeys.pem(DkimKeys.generate(algorithm, new SecureRandom())).getBytes(US_ASCII);
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /// Memory of one service half a minute after its start, without the image's AOT cache.
    private void idle(String service, Map<String, String> more) throws IOException {
        Path home = Files.createDirectories(run.root().resolve("idle-" + service));
        for (String folder : List.of("control", "gate", "keys", "signer")) {
            Files.createDirectories(home.resolve(folder));
        }
        Files.writeString(home.resolve("control/me"), "mail.bench.test\n");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(run.jvm());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, service));
        Map<String, String> environment = new HashMap<>(more);
        environment.put("QRATE_STATE", home.toString());
        environment.put("QRATE_DNS", "127.0.0.1:9");
        Process process = Processes.start(home.resolve("out"), environment, command.toArray(String[]::new));
        try {
            LockSupport.parkNanos(IDLE_NANOS);
            if (!process.isAlive()) {
                throw new IOException(service + " ended: " + Files.readString(home.resolve("out")));
            }
            ProcessTree.Memory memory = ProcessTree.memory(process.pid());
            run.out()
                    .printf(
                            "memory of %s, idle, by itself: %.1f MiB of its own, %.1f with the files that it maps%n",
                            service, memory.own() / 1024.0, memory.all() / 1024.0);
        } finally {
            Processes.stop(process);
        }
    }
}
