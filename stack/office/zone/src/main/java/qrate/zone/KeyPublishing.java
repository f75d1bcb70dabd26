package qrate.zone;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Reasons;
import qrate.core.Repeating;
import qrate.signer.HeldKey;

/// Publishes the keys that the signer has made by itself, where `control/dnsupdate` names a name server of one's own:
/// it holds keys and reaches nobody. What waits is published, is seen there by whoever sends mail, and signs from then
/// on.
public final class KeyPublishing implements AutoCloseable {
    /// How often it is looked for keys that wait.
    static final Duration LOOK_EVERY = Duration.ofMinutes(10);

    /// Which domains there are.
    @FunctionalInterface
    public interface Names {
        /// In ASCII.
        List<String> all() throws IOException;
    }

    private final Control control;
    private final Map<String, String> environment;
    private final Names domains;
    private final PublishedZones.Keys keys;
    private final InstantSource clock;
    private final Log log;
    private final Repeating looks = new Repeating("key-publishing", LOOK_EVERY, this::look);

    /// What was said last of a domain, so that it is said once.
    private final Map<String, String> said = new HashMap<>();

    /// Who knows what is to be published.
    ///
    /// @param environment names resolver and signer
    public record Around(Control control, Map<String, String> environment, Names domains) {}

    KeyPublishing(Around around, PublishedZones.Keys keys, InstantSource clock, Log log) {
        this.control = around.control;
        this.environment = around.environment;
        this.domains = around.domains;
        this.keys = keys;
        this.clock = clock;
        this.log = log;
    }

    /// Looks from now on.
    public static KeyPublishing start(Around around, InstantSource clock, Log log) {
        KeyPublishing made = new KeyPublishing(around, PublishedZones.keys(around.environment), clock, log);
        made.looks.start();
        return made;
    }

    /// Publishes what waits now.
    void look() throws InterruptedException {
        try {
            Optional<NameServer> server = NameServer.of(control);
            if (server.isPresent()) {
                KeyRecords records = new KeyRecords(server.get(), control, environment, clock);
                for (String domain : domains.all()) {
                    publish(records, domain);
                }
            }
            said.remove("");
        } catch (IOException | RuntimeException e) {
            say("", "keys for DKIM are not published: " + reason(e));
        }
    }

    private void publish(KeyRecords records, String domain) throws InterruptedException {
        try {
            List<HeldKey> all = keys.of(domain);
            if (all.stream().anyMatch(key -> key.state() == HeldKey.State.WAITS)) {
                int changes = records.publish(domain, all).changes().size();
                if (changes > 0) {
                    log.line("admin: info: " + changes + " records of keys of " + domain + " were published by "
                            + records.server());
                }
            }
            said.remove(domain);
        } catch (IOException | RuntimeException e) {
            say(domain, "keys of " + domain + " are not published: " + reason(e));
        }
    }

    private static String reason(Exception e) {
        return e instanceof IOException io ? Reasons.of(io) : e.toString();
    }

    private void say(String about, String why) {
        if (!why.equals(said.put(about, why))) {
            log.line("admin: warning: " + Log.escape(why));
        }
    }

    @Override
    public void close() {
        looks.close();
    }
}
