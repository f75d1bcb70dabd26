package qrate.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.dns.DnsClient;
import qrate.signer.HeldKey;
import qrate.signer.KeyFolder;
import qrate.testkit.DnsServer;
import qrate.zone.Ours;

/// Whether what is signed can be verified.
class DkimCheckTest {
    private static final String DOMAIN = "example.org";

    @TempDir
    Path folder;

    private DnsServer dns;
    private KeyFolder keys;

    @BeforeEach
    void start() throws IOException {
        dns = DnsServer.start();
        KeyFolder.Rules rules = new KeyFolder.Rules(DOMAIN::equals, () -> Duration.ZERO);
        keys = new KeyFolder(folder, rules, InstantSource.system(), new SecureRandom(), Log.silent());
    }

    @AfterEach
    void end() throws IOException {
        dns.close();
    }

    private String found() throws IOException {
        Ours ours = new Ours("mx.example.org", List.of(), Set.of(DOMAIN, "elsewhere.org"));
        DnsClient client = DnsClient.forgetful(Map.of("QRATE_DNS", dns.hostAndPort()));
        List<Finding> all = new DkimCheck(ours, client, keys).look();
        assertEquals(1, all.size(), "the other has no keys");
        return all.getFirst().toString();
    }

    private void publish(HeldKey key) {
        dns.put(key.place(), "TXT", "\"" + key.record().replaceAll("(?s)(.{200})", "$1\" \"") + "\"");
    }

    @Test
    void mailThatGoesUnsignedIsDoubtfulUntilTheRecordsAreThereAndThenItIsSigned() throws IOException {
        assertTrue(found().contains("none of its DKIM records is in DNS"), found());
        publish(keys.keys(DOMAIN).getFirst());
        assertTrue(found().contains("not in DNS: e"), found());
        assertEquals(HeldKey.State.SIGNS, keys.keys(DOMAIN).getFirst().state(), "seen by the look");
        publish(keys.keys(DOMAIN).getLast());
        assertTrue(found().contains("its mail is signed, and the DKIM records are in DNS"), found());
        assertEquals(HeldKey.State.SIGNS, keys.keys(DOMAIN).getLast().state());
    }

    @Test
    void aRecordThatIsGoneIsBrokenWhileItsKeySigns() throws IOException {
        keys.keys(DOMAIN).forEach(this::publish);
        found();
        dns.remove(keys.keys(DOMAIN).getFirst().place());
        assertTrue(found().contains("signed with a key whose record is not in DNS"), found());
    }

    @Test
    void dnsThatDoesNotAnswerIsSaid() throws IOException {
        keys.keys(DOMAIN);
        dns.fault("*", DnsServer.Fault.SERVFAIL);
        assertTrue(found().contains("DNS does not answer"), found());
        assertEquals(HeldKey.State.WAITS, keys.keys(DOMAIN).getFirst().state());
    }
}
