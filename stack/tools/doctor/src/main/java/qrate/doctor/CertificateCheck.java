package qrate.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.certificate.Installed;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.zone.Ours;

/// The certificate of all doors: whether clients will believe it. Whether the doors can use it they say themselves.
record CertificateCheck(State state, Ours ours, InstantSource clock) implements Check {
    /// With fewer days left somebody should have renewed it.
    static final Duration LEFT_MIN = Duration.ofDays(14);

    private static final String AREA = "certificate";
    private static final String RENEW = "put the new one into tls/cert.pem and tls/key.pem";

    @Override
    public List<Finding> look() throws IOException {
        Optional<Installed> there;
        try {
            there = Installed.in(state.tls());
        } catch (IOException e) {
            return List.of(Finding.broken(AREA, "tls/cert.pem cannot be read: " + Reasons.of(e), RENEW));
        }
        if (there.isEmpty()) {
            return List.of(Finding.broken(AREA, "there is none: nobody can sign in", "./qrate up makes one"));
        }
        Installed installed = there.get();
        List<Finding> all = new ArrayList<>();
        all.add(life(installed));
        String host = ours.host();
        if (installed.names().stream().noneMatch(name -> covers(name, host))) {
            all.add(Finding.doubtful(AREA, "it is not for " + host + ", but for " + installed.names(), RENEW));
        }
        if (installed.selfSigned()) {
            all.add(Finding.doubtful(
                    AREA, "it is self-signed: mail programs warn about it", "get one from a certificate authority"));
        }
        for (String name : List.of("key.pem", "cert.pem")) {
            Path key = state.tls().resolve(name);
            if (Files.exists(key)
                    && Files.readString(key, ISO_8859_1).contains("PRIVATE KEY-----")
                    && Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ)) {
                all.add(Finding.broken(AREA, "everybody on this machine can read " + key, "chmod o-rwx " + key));
            }
        }
        return all;
    }

    private Finding life(Installed installed) {
        Instant end = installed.until();
        Instant now = clock.instant();
        if (!now.isBefore(end)) {
            return Finding.broken(AREA, "it ended at " + end, RENEW);
        }
        if (now.isBefore(installed.from())) {
            return Finding.broken(AREA, "it is valid only from " + installed.from(), "look at the clock");
        }
        long days = Duration.between(now, end).toDays();
        return days < LEFT_MIN.toDays()
                ? Finding.doubtful(AREA, "it ends in " + days + " days", RENEW)
                : Finding.well(AREA, "it is good for " + days + " days");
    }

    /// RFC 9525 §6.3: a `*` stands for one whole label, the first.
    private static boolean covers(String name, String host) {
        int dot = host.indexOf('.');
        return name.equals(host) || (dot > 0 && name.equals("*" + host.substring(dot)));
    }
}
