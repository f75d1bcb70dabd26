# Each setting, account, alias and list of an `export` in a line of its own, by its path.
/^ *#/ || !/[^ ]/ { next }
{ match($0, /^ */); depth = RLENGTH; line = substr($0, depth + 1)
  if (line ~ /^- /) { print path(depth + 1) "/" line; next }
  key = line; sub(/:( .*)?$/, "", key); keys[depth] = key; at[depth] = 1
  for (deeper in at) if (deeper + 0 > depth) delete at[deeper]
  if (line !~ /:$/) print path(depth) "/" line }
function path(below,  i, text) { for (i = 0; i < below; i++) if (i in at && i in keys) text = text "/" keys[i]; return text }
