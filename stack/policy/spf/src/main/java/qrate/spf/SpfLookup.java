package qrate.spf;

/// One question that a check put to DNS.
///
/// @param name as it was asked
/// @param type `TXT`, `A`, `AAAA`, `MX`, `PTR`
/// @param outcome in words: `2 records`, `no such name`, `no such record`, or why nobody could tell
public record SpfLookup(String name, String type, String outcome) {
    @Override
    public String toString() {
        return name + " " + type + ": " + outcome;
    }
}
