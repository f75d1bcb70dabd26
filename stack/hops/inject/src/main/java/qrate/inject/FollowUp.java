package qrate.inject;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import qrate.message.AddressList;
import qrate.message.Field;

/// The mailing lists in the file that QMAILMFTFILE names: mail to one of them gets a Mail-Followup-To field, so that
/// answers go to the list and not to its reader as well (qmail-inject(8)).
///
/// @param lists lower case
record FollowUp(Set<String> lists) {
    static final String NAME = "Mail-Followup-To";

    /// Largest file, in bytes.
    private static final long FILE_BYTES_MAX = 1 << 20;

    /// @throws IOException when the file is there and cannot be read
    static FollowUp of(Map<String, String> environment) throws IOException {
        String file = environment.getOrDefault("QMAILMFTFILE", "");
        if (file.isEmpty()) {
            return new FollowUp(Set.of());
        }
        Path path = Path.of(file);
        try {
            if (Files.size(path) > FILE_BYTES_MAX) {
                throw new IOException(file + ": larger than " + FILE_BYTES_MAX + " bytes");
            }
            return new FollowUp(Files.readString(path, StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.strip().toLowerCase(Locale.ROOT))
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toSet()));
        } catch (NoSuchFileException _) {
            return new FollowUp(Set.of());
        }
    }

    /// The field for a message, if it goes to a list.
    ///
    /// @param toAndCc everyone there
    Optional<Field> field(List<AddressList.Mailbox> toAndCc) {
        if (toAndCc.stream().noneMatch(m -> lists.contains(m.address().toLowerCase(Locale.ROOT)))) {
            return Optional.empty();
        }
        List<AddressList.Item> bare = toAndCc.stream()
                .<AddressList.Item>map(m -> new AddressList.Mailbox("", m.local(), m.domain(), "", false))
                .toList();
        return Optional.of(Field.of(NAME, new AddressList(bare).text(NAME.length() + 2)));
    }
}
