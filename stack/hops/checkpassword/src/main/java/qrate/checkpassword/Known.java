package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.DurableFile;
import qrate.core.Log;
import qrate.core.Lru;

/// The networks (an IPv4 /24, an IPv6 /64) from which an account has logged in, kept over restarts: who comes from
/// there again is not held up by those who guess from elsewhere.
///
/// The file has a line for each: day (since 1970), network, account. What a crash loses of it is the last minute.
public final class Known {
    /// Accounts kept; the longest unused goes first.
    static final int ACCOUNTS_MAX = 20_000;

    /// Networks kept for one account, so that nobody takes the others' room.
    static final int NETWORKS_MAX = 16;

    /// Days after its last use until a network is forgotten.
    static final int KEEP_DAYS = 90;

    private static final long SAVE_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final InstantSource clock;
    private final Optional<Path> file;
    private final Log log;
    private final Map<String, Map<String, Long>> accounts = new Lru<>(ACCOUNTS_MAX);
    private boolean changed;
    private long saved;

    private Known(InstantSource clock, Optional<Path> file, Log log) {
        this.clock = clock;
        this.file = file;
        this.log = log;
        this.saved = clock.millis();
    }

    /// In memory only.
    static Known forgetful(InstantSource clock) {
        return new Known(clock, Optional.empty(), Log.silent());
    }

    /// In a file that need not be there yet. One that cannot be read is said and begun anew: it only eases logins.
    public static Known in(Path file, InstantSource clock, Log log) {
        Known known = new Known(clock, Optional.of(file), log);
        try {
            known.read(Files.readAllLines(file, UTF_8));
        } catch (NoSuchFileException _) {
            // the first start
        } catch (IOException e) {
            log.line("vchkpw: warning: known networks are forgotten: " + e);
        }
        return known;
    }

    private void read(List<String> lines) {
        long oldest = today() - KEEP_DAYS;
        for (String line : lines) {
            String[] words = line.split(" ", 3);
            if (words.length == 3 && words[0].matches("\\d{1,9}") && Long.parseLong(words[0]) >= oldest) {
                networks(words[2]).put(words[1], Long.parseLong(words[0]));
            }
        }
    }

    private Map<String, Long> networks(String account) {
        return accounts.computeIfAbsent(account, _ -> new Lru<>(NETWORKS_MAX));
    }

    private long today() {
        return clock.millis() / DAY_MILLIS;
    }

    /// Whether the account has logged in from there within the last {@link #KEEP_DAYS} days.
    ///
    /// @param network as {@link Networks#near} names it
    synchronized boolean has(String network, String account) {
        Map<String, Long> networks = accounts.get(account);
        Long day = networks == null ? null : networks.get(network);
        return day != null && day >= today() - KEEP_DAYS;
    }

    /// Notes a login.
    synchronized void add(String network, String account) {
        Long before = networks(account).put(network, today());
        changed |= before == null || before != today();
        if (changed && clock.millis() - saved >= SAVE_MILLIS) {
            save();
        }
    }

    synchronized int size() {
        return accounts.values().stream().mapToInt(Map::size).sum();
    }

    /// Writes what is new; trouble is logged and costs no login.
    public synchronized void save() {
        if (!changed || file.isEmpty()) {
            return;
        }
        List<String> lines = new ArrayList<>();
        accounts.forEach((account, networks) ->
                networks.forEach((network, day) -> lines.add(day + " " + network + " " + account + "\n")));
        saved = clock.millis();
        try {
            DurableFile.write(file.get(), String.join("", lines).getBytes(UTF_8), "rw-------");
            changed = false;
        } catch (IOException e) {
            log.line("vchkpw: warning: known networks are not kept: " + e);
        }
    }
}
