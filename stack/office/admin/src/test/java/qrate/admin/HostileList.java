package qrate.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import qrate.directory.Edit;
import qrate.lists.ListSettings;

/// A mailing list of whose every part somebody has made a script.
final class HostileList {
    static final String ADDRESS = "team@example.test";
    static final String SCRIPT = "<script>document.title='run'</script>";

    private HostileList() {}

    static void make(Rig rig) throws IOException {
        Path domain = Files.createDirectories(rig.state.maildirs().resolve("domains/example.test"));
        rig.domains.apply(new Edit.SetList(
                ADDRESS,
                new ListSettings(
                        "ann@example.test",
                        Set.of('a', 'g', 'm', 'p'),
                        "\"><img src=x onerror=document.title='run'>",
                        false)));
        Path list = domain.resolve("team");
        // no door takes such an address; a file may hold it
        Files.writeString(list.resolve("subscribers/A"), "T" + SCRIPT + "@evil.test\0Tplain@far.test\0");
        String post = "Return-Path: <bob@far.test>\nFrom: \"" + SCRIPT + "\" <bob@far.test>\nTo: " + SCRIPT + "\nDate: "
                + SCRIPT + "\nSubject: =?utf-8?Q?" + SCRIPT.replace("=", "=3D") + "?=\n"
                + "Content-Type: text/html; charset=\"" + SCRIPT + "\"\n\n" + SCRIPT + "\n";
        Files.writeString(list.resolve("mod/pending/1-a"), post);
        Files.createDirectories(list.resolve("archive/0"));
        Files.writeString(list.resolve("archive/0/01"), post);
        Files.writeString(list.resolve("num"), "1:0\n");
    }
}
