package qrate.address;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.core.Control;
import qrate.qcontrol.Channel;

/// The tables of qmail-send(8) and qmail-control(5).
class RoutingTest {
    private static final Routing ROUTING = new Routing(
            "mx.example.test",
            Set.of("hack.example"),
            Set.of("mx.example.test", "hack.example", "local.example"),
            Map.of(
                    "nowhere.mil", "joe-foo",
                    ".fax", "uucp-fax",
                    ".nowhere.mil", "joe-foo-host",
                    "not.nowhere.mil", "",
                    "ann@shared.example", "ann-box",
                    "local.example", "never"));

    @ParameterizedTest
    @CsvSource({
        "info@nowhere.mil, LOCAL, joe-foo-info@nowhere.mil",
        "Info@NoWhere.MIL, LOCAL, joe-foo-Info@NoWhere.MIL",
        "info@a.b.nowhere.mil, LOCAL, joe-foo-host-info@a.b.nowhere.mil",
        "info@not.nowhere.mil, REMOTE, info@not.nowhere.mil",
        "0@1.fax, LOCAL, uucp-fax-0@1.fax",
        "0@fax, REMOTE, 0@fax",
        "ann@shared.example, LOCAL, ann-box-ann@shared.example",
        "bob@shared.example, REMOTE, bob@shared.example",
        "bob@local.example, LOCAL, bob@local.example",
        "bob@LOCAL.example, LOCAL, bob@LOCAL.example",
        "bob, LOCAL, bob@mx.example.test",
        "bob%nowhere.mil@hack.example, LOCAL, joe-foo-bob@nowhere.mil",
        "a%b%far.example@hack.example, REMOTE, a%b@far.example",
        "a%far.example%hack.example@hack.example, REMOTE, a@far.example",
        "a%far.example@local.example, LOCAL, a%far.example@local.example",
        "bob@hack.example, LOCAL, bob@hack.example",
        "a@b@far.example, REMOTE, a@b@far.example"
    })
    void routesAsTheManPageSays(String recipient, Channel channel, String address) {
        Routing.Route route = ROUTING.route(recipient);
        assertEquals(channel, route.channel());
        assertEquals(address, route.address());
    }

    @Test
    void knowsADomainByBothItsNames(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("locals"), "straße.test\nbücher.local\n");
        Files.writeString(folder.resolve("virtualdomains"), "xn--bcher-kva.test:xn--bcher-kva.test\nann@öbb.at:ann\n");
        Routing routing = Routing.read(new Control(folder, InstantSource.system()));
        Map<String, String> ways = Map.of(
                "ann@bücher.test", "xn--bcher-kva.test-ann@xn--bcher-kva.test",
                "ann@BÜCHER.TEST", "xn--bcher-kva.test-ann@xn--bcher-kva.test",
                "ann@xn--bcher-kva.test", "xn--bcher-kva.test-ann@xn--bcher-kva.test",
                "Ann@XN--bb-eka.at", "ann-Ann@XN--bb-eka.at",
                "ann@straße.test", "ann@xn--strae-oqa.test",
                "ann@xn--bcher-kva.local", "ann@xn--bcher-kva.local");
        ways.forEach((recipient, address) -> {
            assertEquals(address, routing.route(recipient).address());
            assertEquals(Channel.LOCAL, routing.route(recipient).channel());
        });
        assertEquals("xn--fa-hia.de", routing.route("ann@faß.de").host());
        assertEquals("ann@faß.de", routing.route("ann@faß.de").address());
    }

    @Test
    void catchesAllThatHasNoExceptionWithAnEmptyKey() {
        Routing all = new Routing("me", Set.of(), Set.of(), Map.of("", "alias-catchall", "far.example", ""));
        assertEquals("alias-catchall-x@any.example", all.route("x@any.example").address());
        assertEquals(Channel.REMOTE, all.route("x@far.example").channel());
    }

    @Test
    void givesRemoteRecipientsTheirHostInLowerCase() {
        assertEquals("far.example", ROUTING.route("x@Far.Example").host());
        assertEquals("", ROUTING.route("x@nowhere.mil").host());
    }

    @Test
    void takesTheLastOfSeveralLinesForOneVirtualDomain(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("me"), "mx.example.test\n");
        Files.writeString(folder.resolve("virtualdomains"), "far.example:old\nother.example:x\nFar.Example:new\n");
        Routing routing = Routing.read(new Control(folder, InstantSource.system()));
        assertEquals("new-ann@far.example", routing.route("ann@far.example").address());
    }
}
