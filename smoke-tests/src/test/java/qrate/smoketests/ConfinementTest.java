package qrate.smoketests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What somebody could do who has taken a service over: asked from inside each one, as its user.
@Timeout(120)
class ConfinementTest extends OnStack {
    private static final List<String> FOLDERS = List.of(
            "control",
            "users",
            "passwords",
            "vchkpw",
            "keys",
            "signer",
            "gate",
            "maildirs",
            "queue",
            "tls",
            "db",
            "run",
            "spool",
            "health",
            "figures",
            "services/smtpd",
            "services/send",
            "services/pop3d");
    private static final List<Integer> PORTS = List.of(25, 587, 465, 110, 995, 628, 629, 630, 8080);

    /// The whole of what the design grants.
    ///
    /// @param reads folders of the state it can list and not write
    /// @param writes folders it can write
    /// @param reaches doors of other services it can connect to; send also sees its callers'
    record Grant(String service, Set<String> reads, Set<String> writes, Set<String> reaches) {
        @Override
        public String toString() {
            return service;
        }
    }

    private static final List<Grant> GRANTS = List.of(
            new Grant(
                    "smtpd",
                    Set.of("control", "users", "vchkpw", "tls"),
                    Set.of("spool", "health", "figures"),
                    Set.of("send:628")),
            new Grant(
                    "send",
                    Set.of("control", "users"),
                    Set.of("queue", "run", "health", "figures"),
                    Set.of("lspawn:629", "rspawn:630", "smtpd:25", "smtpd:587", "smtpd:465", "admin:8080")),
            new Grant("lspawn", Set.of("control", "users"), Set.of("maildirs"), Set.of("send:628")),
            new Grant("rspawn", Set.of("control", "signer"), Set.of(), Set.of("send:628")),
            new Grant(
                    "pop3d",
                    Set.of("control", "users", "vchkpw", "tls"),
                    Set.of("maildirs", "health", "figures"),
                    Set.of()),
            new Grant("vchkpw", Set.of("passwords"), Set.of("vchkpw"), Set.of()),
            new Grant("signer", Set.of("control"), Set.of("keys", "signer"), Set.of()),
            new Grant(
                    "admin",
                    Set.of("tls", "signer", "services/smtpd", "services/send", "services/pop3d"),
                    Set.of("db", "users", "passwords", "control", "maildirs", "run", "health"),
                    Set.of("send:628")));

    static List<Grant> grants() {
        return GRANTS;
    }

    @ParameterizedTest
    @MethodSource("grants")
    void touchesItsOwnFoldersAndNoOther(Grant grant) throws IOException {
        String script = """
                cd /var/qmail
                for folder in %s; do
                  if touch $folder/.probe 2>/dev/null && rm $folder/.probe; then echo "writes $folder"
                  elif ls -A $folder >/dev/null 2>&1 && [ -n "$(ls -A $folder)" ]; then echo "reads $folder"
                  fi
                done
                """.formatted(String.join(" ", FOLDERS));
        Set<String> expected = new TreeSet<>();
        grant.reads().forEach(folder -> expected.add("reads " + folder));
        grant.writes().forEach(folder -> expected.add("writes " + folder));
        assertEquals(
                expected,
                new TreeSet<>(stack.inside(grant.service(), script).orFail().lines()));
    }

    @ParameterizedTest
    @MethodSource("grants")
    void reachesItsNeighboursAndNobodyElse(Grant grant) throws IOException {
        Map<String, String> doors = new TreeMap<>();
        for (String other : Stack.SERVICES) {
            if (!other.equals(grant.service())) {
                String addresses = stack.inspect(other, "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}");
                for (String address : addresses.strip().split(" ", -1)) {
                    for (int port : address.isEmpty() ? List.<Integer>of() : PORTS) { // one without a network has none
                        doors.put(address + " " + port, other + ":" + port);
                    }
                }
            }
        }
        StringBuilder script = new StringBuilder();
        doors.forEach((address, name) -> script.append("(nc -w 2 ")
                .append(address)
                .append(" </dev/null >/dev/null 2>&1 && echo ")
                .append(name)
                .append(") &\n"));
        script.append("wait\n");
        assertEquals(
                new TreeSet<>(grant.reaches()),
                new TreeSet<>(stack.inside(grant.service(), script.toString())
                        .orFail()
                        .lines()));
    }

    @ParameterizedTest
    @MethodSource("grants")
    void hasNoPrivilegeAndNoWritableRoot(Grant grant) throws IOException {
        String script = """
                grep -E '^(CapEff|CapPrm|CapBnd|NoNewPrivs):' /proc/1/status | tr -d '\\t'
                for file in /probe /app/probe /etc/probe /usr/bin/probe /var/qmail/probe; do touch $file 2>/dev/null && echo "wrote $file"; done
                true
                """;
        assertEquals(
                List.of(
                        "CapPrm:0000000000000000",
                        "CapEff:0000000000000000",
                        "CapBnd:0000000000000000",
                        "NoNewPrivs:1"),
                stack.inside(grant.service(), script).orFail().lines());
        assertNotEquals(
                "0", stack.inside(grant.service(), "id -u").orFail().text().strip());
    }

    @Test
    void onlyRspawnHasAWayOut() throws IOException {
        for (String network : List.of("inside", "submit", "local", "remote")) {
            assertEquals("true", stack.network(network, "{{.Internal}}"), network);
        }
        for (String network : List.of("edge-smtp", "edge-pop3", "edge-admin")) {
            String masquerade = "{{index .Options \"com.docker.network.bridge.enable_ip_masquerade\"}}";
            assertEquals("false", stack.network(network, masquerade), network);
        }
        for (String service : Stack.SERVICES) {
            String networks =
                    stack.inspect(service, "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}");
            assertEquals(service.equals("rspawn"), networks.contains("_out "), service);
        }
    }

    /// Who speaks to strangers asks whether a login is right, and can find out no more than that.
    @Test
    void onlyTheOracleReadsHashesAndWhereAccountsLoggedInFrom() throws IOException {
        assertEquals("none", stack.inspect("vchkpw", "{{.HostConfig.NetworkMode}}"));
        for (String service : List.of("smtpd", "pop3d")) {
            String script = "ls /var/qmail/passwords 2>&1; cat /var/qmail/vchkpw/known 2>&1;"
                    + " ls /var/qmail/vchkpw; id -G | grep -qw 7795 && echo 'group vchkpw'; true";
            List<String> seen = stack.inside(service, script).orFail().lines();
            assertEquals("vchkpw.sock", seen.getLast(), service);
            assertTrue(seen.stream().noneMatch(line -> line.contains(".cdb") || line.contains("@")), seen.toString());
        }
    }

    @Test
    void theFirstStepRunsWithoutANetwork() throws IOException {
        assertEquals("none", stack.inspect("init", "{{.HostConfig.NetworkMode}}"));
        assertEquals("0", stack.inspect("init", "{{.State.ExitCode}}"));
    }
}
