package qrate.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.EditableDirectory.Alias;
import qrate.directory.EditableDirectory.Limits;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Settings;
import qrate.testkit.Seeds;

/// What edits made of a directory, `apply` finds as a file says it: nothing is left to do, here or made anew elsewhere.
class EditPropertyTest {
    private static final int SYSTEMS = 4;
    private static final int EDITS = 40;
    private static final List<String> DOMAINS = List.of("one.test", "two.test", "as.test");
    private static final List<String> NAMES = List.of("ann", "bob", "postmaster", "x-y", "a_b");
    private static final Password PASSWORD = new Password.Hashed("$1$abcdefgh$1234567890123456789012");

    @TempDir
    private Path folder;

    private static <T> T one(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static String domain(Random random) {
        return one(random, DOMAINS);
    }

    private static String address(Random random) {
        return one(random, NAMES) + "@" + domain(random);
    }

    private static Edit edit(Random random) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> new Edit.AddDomain(domain(random), PASSWORD);
            case 2 -> new Edit.AddAliasDomain(domain(random), "as.test");
            case 3 -> new Edit.SetCatchAll(domain(random), random.nextBoolean() ? "" : address(random));
            case 4 ->
                new Edit.SetLimits(domain(random), new Limits(random.nextInt(2) * 50, 0, random.nextInt(2) << 20));
            case 5, 6 -> new Edit.AddMailbox(address(random), PASSWORD);
            case 7 -> new Edit.DeleteMailbox(address(random));
            case 8 ->
                new Edit.Modify(
                        address(random),
                        Map.of(
                                Property.QUOTA,
                                new Quota(random.nextInt(3) << 20, random.nextInt(2)),
                                one(random, List.of(Property.POP, Property.SMTP, Property.KEEP)),
                                random.nextBoolean()));
            case 9 -> new Edit.AddAlias(new Alias(address(random), address(random)));
            case 10 -> new Edit.DeleteAlias(new Alias(address(random), address(random)));
            default -> new Edit.DeleteDomain(random.nextInt(4) == 0 ? domain(random) : "none.test");
        };
    }

    /// @return the edits that were done
    private static List<Edit> make(Rig rig, Random random) throws IOException {
        State state = rig.state;
        List<Edit> done = new ArrayList<>();
        try (EditableDirectory directory =
                Domains.open(state, Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), state), InstantSource.system())) {
            directory.apply(new Edit.AddDomain("one.test", PASSWORD));
            for (int i = 0; i < EDITS; i++) {
                Edit edit = edit(random);
                if (directory.apply(edit) instanceof Change.Done) {
                    done.add(edit);
                }
            }
        }
        return done;
    }

    @Test
    void nothingIsLeftToDoWhenEditsAreDone() {
        Seeds.forAll(SYSTEMS, random -> {
            try {
                Path place = Files.createTempDirectory(folder, "x");
                Rig rig = new Rig(place.resolve("a"));
                List<Edit> done = make(rig, random);
                String export = rig.export("--secrets");
                assertEquals(0, rig.apply(export, "--dry-run", "--prune"), () -> rig.out() + rig.err() + done);
                Rig other = new Rig(place.resolve("b"));
                assertEquals(0, other.apply(export), () -> other.err() + export);
                assertEquals(export, other.export("--secrets"), done::toString);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
