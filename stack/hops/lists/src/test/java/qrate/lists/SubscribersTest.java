package qrate.lists;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;
import qrate.testkit.SimulatedDisk;

class SubscribersTest {
    @Test
    void whatWasAddedIsThereAfterACrashAtAnyStep() {
        Seeds.forAll(200, random -> {
            SimulatedDisk disk = new SimulatedDisk(random.nextLong());
            Subscribers subscribers = new Subscribers(new ListFolder(disk), "");
            Set<String> there = new TreeSet<>();
            String trying = "";
            disk.crashAt(random.nextInt(300));
            boolean adding = true;
            try {
                for (int i = 0; i < 30; i++) {
                    trying = "user" + random.nextInt(12) + "@example.org";
                    adding = random.nextInt(3) > 0;
                    if (adding) {
                        subscribers.add(trying);
                        there.add(trying);
                    } else {
                        subscribers.remove(trying);
                        there.remove(trying);
                    }
                }
                trying = "";
            } catch (SimulatedDisk.Crash _) {
                assertTrue(disk.down());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Subscribers found = new Subscribers(new ListFolder(disk.restart()), "");
            Set<String> after = new TreeSet<>();
            try {
                after.addAll(found.all());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            // the change that was under way may be there or not
            after.remove(trying);
            there.remove(trying);
            assertEquals(there, after);
        });
    }

    @Test
    void keepsTheFormThatEzmlmReads() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        ListFolder folder = new ListFolder(disk);
        Subscribers subscribers = new Subscribers(folder, "");
        assertTrue(subscribers.add("ann@example.org"));
        String name = folder.list("subscribers").getFirst();
        assertTrue(name.length() == 1 && name.charAt(0) >= '@' && name.charAt(0) <= 't', name);
        assertEquals("Tann@example.org\0", folder.text("subscribers/" + name).orElseThrow());
    }

    @Test
    void readsCommandsAndCrashesOnNone() {
        assertEquals(new ListRequest.Subscribe("ann@example.org"), ListRequest.parse("Subscribe-ann=example.org"));
        assertEquals(new ListRequest.Get(3, 9), ListRequest.parse("get.3_9"));
        assertEquals(new ListRequest.Unknown(), ListRequest.parse("get.9_3"));
        assertEquals(new ListRequest.Unknown(), ListRequest.parse("subscribe-ann=exa mple.org"));
        String[] parts = {
            "subscribe",
            "unsubscribe",
            "sc.",
            "uc.",
            "tc.",
            "-",
            "=",
            "@",
            ".",
            "get.",
            "1764000000",
            "abcdefghijklmnop",
            "ann",
            "example.org",
            "\r\n",
            "\0",
            "\u00e4",
            "/",
            "..",
            "99999999999999999999",
            "help",
            " "
        };
        Seeds.forAll(20_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(9); i > 0; i--) {
                text.append(
                        random.nextInt(8) == 0
                                ? Character.toString(random.nextInt(0x300))
                                : parts[random.nextInt(parts.length)]);
            }
            Optional<String> address = switch (ListRequest.parse(text.toString())) {
                case ListRequest.Subscribe(String a) -> Optional.of(a);
                case ListRequest.Unsubscribe(String a) -> Optional.of(a);
                case ListRequest.OneClicked(String _, String a) -> Optional.of(a);
                case ListRequest.Confirm(var _, var _, String a) -> Optional.of(a);
                case ListRequest.Get(long from, long to) -> {
                    assertTrue(from > 0 && to >= from && to - from < ListRequest.MESSAGES_MAX);
                    yield Optional.empty();
                }
                case ListRequest.Help _, ListRequest.Text _, ListRequest.Unknown _ -> Optional.empty();
            };
            address.ifPresent(a -> assertTrue(a.isEmpty() || a.chars().noneMatch(c -> c <= ' ' || c == 0x7f), a));
        });
    }
}
