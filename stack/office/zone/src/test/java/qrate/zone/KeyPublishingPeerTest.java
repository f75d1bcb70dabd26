package qrate.zone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Log;
import qrate.dkim.Algorithm;
import qrate.dkim.SigningKey;
import qrate.dns.Dns;
import qrate.signer.HeldKey;

/// Keys that wait, in a zone that BIND serves.
@Tag("peer")
class KeyPublishingPeerTest {
    private static final String DOMAIN = "example.org";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private Bind bind;
    private HeldKey.State state = HeldKey.State.WAITS;
    private boolean signerIsAway;

    @BeforeEach
    void serve() throws IOException {
        bind = new Bind(Files.createDirectory(folder.resolve("named")), DOMAIN, "");
        Files.createDirectory(folder.resolve("control"));
        Bind.named(folder.resolve("control"), bind.place() + " qrate-key", Bind.SECRET);
        Files.writeString(folder.resolve("control/me"), "mx.example.org\n");
    }

    @AfterEach
    void close() throws IOException {
        bind.close();
    }

    private HeldKey key() {
        return new HeldKey(
                new SigningKey(DOMAIN, "r1", Algorithm.RSA_SHA256), state, "v=DKIM1; k=rsa; p=" + "QUJD".repeat(98));
    }

    private KeyPublishing publishing() {
        KeyPublishing.Around around = new KeyPublishing.Around(
                new Control(folder.resolve("control"), InstantSource.system()),
                Map.of("QRATE_DNS", bind.place()),
                () -> List.of(DOMAIN));
        PublishedZones.Keys keys = domain -> {
            if (signerIsAway) {
                throw new IOException("the signer does not run");
            }
            return List.of(key());
        };
        Log log = new Log(new PrintStream(logged, true, UTF_8), Log.Stamp.NONE, InstantSource.system());
        return new KeyPublishing(around, keys, InstantSource.system(), log);
    }

    private Dns.Answer<String> published() {
        return bind.dns().texts("r1._domainkey." + DOMAIN);
    }

    @Test
    void whatWaitsIsPublishedOnce() throws Exception {
        KeyPublishing publishing = publishing();
        publishing.look();
        publishing.look();
        assertInstanceOf(Dns.Answer.Found.class, published());
        assertEquals(1, logged.toString(UTF_8).lines().count(), logged.toString(UTF_8));
    }

    @Test
    void whatSignsIsLeftAlone() throws Exception {
        state = HeldKey.State.SIGNS;
        publishing().look();
        assertInstanceOf(Dns.Answer.NoSuchName.class, published());
    }

    @Test
    void whatGoesWrongIsSaidOnce() throws Exception {
        signerIsAway = true;
        KeyPublishing publishing = publishing();
        publishing.look();
        publishing.look();
        assertEquals(
                "admin: warning: keys of example.org are not published: the signer does not run\n",
                logged.toString(UTF_8));
    }
}
