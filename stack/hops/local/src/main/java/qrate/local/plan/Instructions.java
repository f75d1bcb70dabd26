package qrate.local.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import qrate.address.Found;
import qrate.core.Verdict;
import qrate.dotqmail.Line;

/// Decides what each line of a `.qmail` file comes to, and does none of it (dot-qmail(5)).
///
/// @param known whether a command is one of our own programs, which every domain may run
public record Instructions(Homes homes, Predicate<String> known) {
    /// No local part, or what can only be a comment or a name beside an address: such mail would bounce elsewhere.
    private static final Pattern NO_ADDRESS = Pattern.compile("^$|^@|[\\s<>]");

    public Deed deed(Place place, Found.File file, Line line) throws IOException {
        Optional<Verdict> refused = refused(file, line);
        if (refused.isPresent()) {
            return new Deed.Refuse(refused.get(), "");
        }
        return switch (line) {
            case Line.Forward(String address) ->
                NO_ADDRESS.matcher(address).find()
                        ? new Deed.Refuse(
                                new Verdict.Later("Uh-oh: .qmail forwards to what is no address. (#4.3.5)"),
                                place.home() + ": no address: " + address)
                        : new Deed.SendOn(List.of(address));
            case Line.Program(String command) ->
                place.programs() || known.test(command)
                        ? new Deed.Run(command)
                        : new Deed.Refuse(
                                new Verdict.Later("Uh-oh: .qmail runs a program, which is not allowed here. (#4.7.0)"),
                                place.home() + ": program refused: " + command);
            case Line.Maildir(String name) -> {
                Optional<Path> path = path(place, name);
                yield path.isEmpty()
                        ? outside(place, name)
                        : new Deed.Keep(new Deed.Box(path.get(), place.make(), place.limit()));
            }
            case Line.Mbox(String name) -> {
                Optional<Path> path = path(place, name);
                yield path.isEmpty() ? outside(place, name) : new Deed.Append(path.get());
            }
        };
    }

    private Optional<Path> path(Place place, String name) throws IOException {
        return homes.below(place.home(), name).filter(path -> !path.equals(place.home()));
    }

    private static Deed outside(Place place, String name) {
        return new Deed.Refuse(
                new Verdict.Later("Uh-oh: .qmail names a mailbox that is not below the maildirs. (#4.3.5)"),
                place.home() + ": not below the maildirs: " + name);
    }

    /// What an instruction comes to that a file which may only forward cannot have.
    public static Optional<Verdict> refused(Found.File file, Line line) {
        Optional<String> kind = switch (line) {
            case Line.Forward _ -> Optional.empty();
            case Line.Program _ -> Optional.of("prog");
            case Line.Mbox _, Line.Maildir _ -> Optional.of("file");
        };
        return file.forwardOnly()
                ? kind.map(k -> new Verdict.Later("Uh-oh: .qmail has " + k + " delivery but has x bit set. (#4.7.0)"))
                : Optional.empty();
    }
}
