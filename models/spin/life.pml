/* SPDX-License-Identifier: Apache-2.0
 *
 * The life of a set-up session: one device (window, table of sessions, cookies, counters in a
 * store, power cuts), one honest client that runs once, and an attacker on the wire, for every mix
 * of the eight slots of a suite and every scenario. The second engine beside Maude: it looks at
 * orders of events, temporal claims and counters. It is NOT the judge of secrecy (see below).
 *
 * RUN
 *   spin -a life.pml && gcc -O2 -DNOREDUCE -DMEMLIM=2048 -o pan pan.c
 *   WIB_...=... ./pan -a -m100000 -N p_c2      "errors: 0" the claim holds, "errors: 1" is broken
 *   ... ./pan -a -f -m100000 -N live_window    weak fairness, and WIB_EXPIRIES=always
 *   ... ./pan -r -N p_c2                       the trail, one line "EV ..." an event (same WIB_...)
 *   pan's exit code is 0 in both cases. It is 2 where a parameter is missing or unknown.
 *   "assertion violated 0" is neither: the table below has no row for what happened.
 *   With gcc's -DPRINTF -DEDGES -DNOCLAIM, `pan -m100000` prints each row of the device's table
 *   that was taken, once: "EDGE state event judged status next effects ".
 *
 * PARAMETERS (environment, read once, in the first step; constants of a run, not in its state)
 *   WIB_KEY_EXCHANGE   plain_dh | spake2plus        WIB_GROUP_POLICY   take_any | named[_...]
 *   WIB_FRESHNESS      none | epoch                 WIB_SESSION_POLICY several | single
 *   WIB_KEY_SCHEDULE   raw_hash | hkdf_transcript   WIB_ATTEMPT_LIMIT  unlimited | limited
 *   WIB_PROTECTION     encrypt_and_mac | aead       WIB_ENTROPY_GATE   none | sp800_90b
 *   WIB_ATTACKER passive   delivers each message once, unchanged, to whom it was meant
 *                recorder  may hold back, and may deliver again, at the same endpoint and in the
 *                          same direction, what was on the wire; makes nothing
 *                active    Dolev-Yao
 *   WIB_ENTROPY  full | stuck (guessable; the gate sees it) | prng (guessable; it does not) |
 *                repeat (after a restart cookies and exponents come again, session by session)
 *   WIB_KNOWS    nothing | authenticator (serial number; setup code with spake2plus) |
 *                verifier ((w0, L)) | dictionary (that, and a search over codes). The last two are
 *                nothing where key_exchange is plain_dh: there is no verifier.
 *   WIB_SESSIONS 1..4    GETs answered 200 in the whole run. With `several` it is also how many
 *                        places the device's table has (the code: eight)
 *   WIB_PRESSES  0..9    presses, long ones included
 *   WIB_RESTARTS 0..9    restarts, cuts in the middle of a request included
 *   WIB_EXPIRIES 0..9    sessions and windows whose time is over; or always: as often as may be
 *   WIB_TRIES    1..99   guesses a press (the code: 10). P-C5 is about it with `unlimited`, too
 *   WIB_LIFE     1..99   charged attempts after which it takes a long press (the code: 100)
 *   WIB_FAULTS   0..9    failures of the device's randomness, library or store; usually 0
 *
 * ABSTRACTED
 *   Keys are names: (whose share the device took, the device's value, what is bound). A value is a
 *   cookie and an exponent together. What is bound to an offer (its cookie and epoch): with
 *   spake2plus by its Context, with hkdf_transcript by the keys, with aead by the associated data;
 *   and then proof and bundle. Else nothing is, and an active attacker rewrites cookies freely.
 *   The attacker's own shares are one (share = g among them). `one` stands for every degenerate
 *   share and for a foreign group. A guessable exponent gives its session's keys; with spake2plus
 *   the code falls to a dictionary first. A request is handled in one step, but for power cuts:
 *   they may come between what is stored and what goes out, and lose everything not stored.
 *   A guess is a confirmV that went out, or with plain_dh an answer to auth.wib that is not 204.
 *   P-F1 is about what carries a proof (auth.wib, key.wib): a share alone proves nothing to
 *   anybody. A message was made for the session whose share its maker took, or, where cookie and
 *   epoch are both bound, for the session of that cookie and epoch.
 *   P-S4 is a TLS session after set-up of which the device's ephemeral exponent is guessable.
 *
 * CANNOT SEE
 *   An attack that is in none of the attacker's moves below: a hand-written attacker knows less
 *   than an algebra. Bytes: malleability, padding, parsers, HTTP (a body is right or it is not).
 *   That an auth.wib might be read as a key.wib (they have different content, by assumption).
 *   Guessing right by luck. Time, but for its order. A store rolled back as a whole. Counters at
 *   their top. A second client, device or bundle. A client that gives up: it stays where it is
 *   (passive: a refusal ends it). A share of the attacker's made before it learned the code is
 *   taken for one made after. Anything beyond the bounds.
 */

#define NS 4 /* places for sessions of a whole run; WIB_SESSIONS says how many are used */

/* States of the device, as the README has them; a place without a live session is NONE. */
#define NONE 0
#define NO_SESSION 1
#define AWAIT_SHARE 2
#define AWAIT_AUTH 3
#define AWAIT_KEY 4
#define CLOSED 5

/* Events: first those of the device as a whole. */
#define PRESS 1
#define LONG_PRESS 2
#define RESTART 3
#define WINDOW_EXPIRED 4
#define SESSION_EXPIRED 5
#define GET_DH 6
#define POST_DH 7
#define POST_AUTH 8
#define POST_KEY 9
#define WHOLE (ev <= WINDOW_EXPIRED)

/* Judged. */
#define ANY 0
#define GOOD 1
#define BAD 2
#define FAILED 3
#define EXHAUSTED 4

/* Effects, in the order of their bits. */
#define INSTALL 1
#define DROP 2
#define DROP_ALL 4
#define OPEN_WINDOW 8
#define CLOSE_WINDOW 16
#define CREATE 32
#define SET_KEYS 64
#define SILENT 0

/* Bodies, and whose share or bundle something is. */
#define JUNK 0   /* whatever is wrong */
#define HONEST 1 /* the client's own message; its share; its bundle */
#define THIEF 2  /* made by the attacker, and right; its share; its bundle */
#define ONE 3    /* a degenerate share */
#define AGAIN 4  /* the client's bundle, sealed by the attacker */

/* The client's run: what it has sent. */
#define IDLE 0
#define ASKED 1  /* GET dh */
#define SHARED 2 /* POST dh */
#define PROVED 3 /* POST auth */
#define SEALED 4 /* POST key */
#define COMPLETED 5
#define GAVE_UP 6

c_decl {
\#include <stdio.h>
\#include <stdlib.h>
\#include <string.h>
  static int pake, epoch, hkdf, aead, named, single, limited, gate;
  static int passive, recorder, active;
  static int weak, stuck, repeat, knows_auth, knows_verifier, knows_codes;
  static int sessions, presses_, restarts_, expiries_, tries, life, faults_;
  extern int readtrail, fairness;
  extern char *claimname;
\#ifdef EDGES
  enum { edges = 1 };
\#else
  enum { edges = 0 };
\#endif
}

c_code {
  static const char *value_of(const char *name) {
    const char *value = getenv(name);
    if (value == NULL) {
      fprintf(stderr, "life: %s is not set\n", name);
      exit(2);
    }
    return value;
  }

  static int choice(const char *name, const char *const *choices) {
    const char *value = value_of(name);
    int i;
    for (i = 0; choices[i] != NULL; ++i) {
      if (strcmp(value, choices[i]) == 0) return i;
    }
    fprintf(stderr, "life: %s has no choice '%s'\n", name, value);
    exit(2);
  }

  static int number(const char *name, int least, int most) {
    const char *value = value_of(name);
    char *end = NULL;
    const long n = strtol(value, &end, 10);
    if (*value < '0' || *value > '9' || *end != 0 || n < least || n > most) {
      fprintf(stderr, "life: %s is '%s', not %d to %d\n", name, value, least, most);
      exit(2);
    }
    return (int) n;
  }

  static void configure(void) {
    static const char *const key_exchange[] = { "plain_dh", "spake2plus", NULL };
    static const char *const freshness[] = { "none", "epoch", NULL };
    static const char *const key_schedule[] = { "raw_hash", "hkdf_transcript", NULL };
    static const char *const protection[] = { "encrypt_and_mac", "aead", NULL };
    static const char *const group_policy[] = { "take_any", "named", "named_ffdhe3072",
                                                "named_p256", "named_x25519", NULL };
    static const char *const session_policy[] = { "several", "single", NULL };
    static const char *const attempt_limit[] = { "unlimited", "limited", NULL };
    static const char *const entropy_gate[] = { "none", "sp800_90b", NULL };
    static const char *const attacker[] = { "passive", "recorder", "active", NULL };
    static const char *const entropy[] = { "full", "stuck", "prng", "repeat", NULL };
    static const char *const knows[] = { "nothing", "authenticator", "verifier", "dictionary",
                                         NULL };
    int n;
    pake = choice("WIB_KEY_EXCHANGE", key_exchange);
    epoch = choice("WIB_FRESHNESS", freshness);
    hkdf = choice("WIB_KEY_SCHEDULE", key_schedule);
    aead = choice("WIB_PROTECTION", protection);
    named = choice("WIB_GROUP_POLICY", group_policy) != 0;
    single = choice("WIB_SESSION_POLICY", session_policy);
    limited = choice("WIB_ATTEMPT_LIMIT", attempt_limit);
    gate = choice("WIB_ENTROPY_GATE", entropy_gate);
    n = choice("WIB_ATTACKER", attacker);
    passive = n == 0; recorder = n == 1; active = n == 2;
    n = choice("WIB_ENTROPY", entropy);
    stuck = n == 1; repeat = n == 3;
    weak = n == 2 || (stuck && !gate);
    n = choice("WIB_KNOWS", knows);
    knows_auth = n == 1;
    knows_verifier = n >= 2 && pake;
    knows_codes = n == 3 && pake;
    sessions = number("WIB_SESSIONS", 1, 4);
    presses_ = number("WIB_PRESSES", 0, 9);
    restarts_ = number("WIB_RESTARTS", 0, 9);
    expiries_ = strcmp(value_of("WIB_EXPIRIES"), "always") == 0 ? 255
                                                                : number("WIB_EXPIRIES", 0, 9);
    tries = number("WIB_TRIES", 1, 99);
    life = number("WIB_LIFE", 1, 99);
    faults_ = number("WIB_FAULTS", 0, 9);
    if (claimname != NULL && strcmp(claimname, "live_window") == 0 && !readtrail &&
        (expiries_ != 255 || !fairness)) {
      fprintf(stderr, "life: live_window needs WIB_EXPIRIES=always and pan's -f\n");
      exit(2);
    }
  }

  static const char *const states[] = { "-", "no_session", "await_share", "await_auth",
                                        "await_key", "closed" };
  static const char *const events[] = { "-", "press", "long_press", "restart", "window_expired",
                                        "session_expired", "get_dh", "post_dh", "post_auth",
                                        "post_key" };
  static const char *const judgements[] = { "any", "good", "bad", "failed", "exhausted" };
  static const char *const bodies[] = { "junk", "honest", "thief", "one", "again" };

  /* A row of the device's table was taken. */
  static void row_taken(int on, int event, int judged, int status, int next, int effects, int place,
                        int body) {
    static const char *const names[] = { "install", "drop", "drop_all", "open_window",
                                         "close_window", "create", "set_keys" };
    static struct { int on; int event; int judged; int status; int next; int effects; } seen[512];
    static int count = 0;
    char text[128] = "";
    int i;
    if (!readtrail && !edges) return;
    for (i = 0; i < 7; ++i) {
      if ((effects >> i & 1) == 0) continue;
      if (text[0] != 0) strcat(text, "+");
      strcat(text, names[i]);
    }
    if (text[0] == 0) strcpy(text, "-");
    if (readtrail) {
      printf("EV device %s %s %s", states[on], events[event], judgements[judged]);
      if (place < 4) printf(" session %d", place);
      if (event > 6) printf(" body %s", bodies[body]);
      printf(" -> %d %s %s\n", status, states[next], text);
      return;
    }
    for (i = 0; i < count; ++i) {
      if (seen[i].on == on && seen[i].event == event && seen[i].judged == judged &&
          seen[i].status == status && seen[i].next == next && seen[i].effects == effects) return;
    }
    if (count < 512) {
      seen[count].on = on; seen[count].event = event; seen[count].judged = judged;
      seen[count].status = status; seen[count].next = next; seen[count].effects = effects;
      ++count;
    }
    if (status == 0) printf("EDGE %s %s %s - %s %s \n", states[on], events[event],
                            judgements[judged], states[next], text);
    else printf("EDGE %s %s %s %d %s %s \n", states[on], events[event], judgements[judged], status,
                states[next], text);
    fflush(stdout);
  }

  static void client_did(int phase, int share, int session) {
    static const char *const phases[] = { "idle", "GET dh", "POST dh", "POST auth", "POST key",
                                          "completed", "gave up" };
    static const char *const shares[] = { "none", "a device's", "the attacker's" };
    if (readtrail) printf("EV client %s (took share: %s, session %d)\n", phases[phase],
                          shares[share], session);
  }

  static void learned(const char *what) {
    if (readtrail) printf("EV attacker has the %s\n", what);
  }
}

#define PAKE c_expr { pake }
#define EPOCH c_expr { epoch }
#define NAMED c_expr { named }
#define SINGLE c_expr { single }
#define LIMITED c_expr { limited }
#define BARE c_expr { !aead }
#define ACKNOWLEDGED c_expr { aead }
#define SEVERAL c_expr { !single }
#define UNLIMITED c_expr { !limited }
#define ALWAYS true
#define PASSIVE c_expr { passive }
#define RECORDER c_expr { recorder }
#define ACTIVE c_expr { active }
#define WEAK c_expr { weak }
#define REPEAT c_expr { repeat }
#define KNOWS_VERIFIER c_expr { knows_verifier }
#define TRIES c_expr { tries }
#define LIFE c_expr { life }
#define BOUND c_expr { pake || hkdf || aead }
#define DEGENERATE_OK c_expr { !pake && !named }
#define GATE_REFUSES c_expr { gate && stuck }
/* Else a press and a long press are the same, and one of them is enough. */
#define LIFE_MATTERS c_expr { limited && life <= sessions }

/* The bounds that are left. */
byte presses, restarts, expiries, faults;

/* The device's store. `stored_cert` and `stored_key` are one record: P-C6 is broken by a half. */
byte last_epoch;
byte charged;
byte stored_cert, stored_key;

/* The device's memory: gone with the power. */
bool window, long_window;
byte charged_now;  /* in this window */
byte since_boot;   /* sessions; only where values repeat */
byte st[NS];       /* the state of each session */
byte who[NS];      /* whose share it took */

/* What is known of a session for good: its cookie and exponent, as one value, and its epoch. */
byte nses;
byte value[NS], ep[NS];
bool answered[NS]; /* its share was on the wire (spake2plus: with a confirmV for the client) */

/* The client: phase, the offer that it took, whose share, and which session's. */
byte phase, c_value, c_epoch, c_share, c_session;

/* The attacker: the authenticator, and what was on the wire. */
bool has_auth;
bool seen_204, seen_ack;

/* Broken properties and what it takes to see them; nothing above reads them. */
byte by_client, by_thief;     /* installs of the client's bundle, of the attacker's own */
bool has_key, o1, s4, c1, c2, c4, c5, c6, d1, f1, two, unrefunded, got_503;
bool key_done;                /* key.wib came with an authenticated cookie; until the next press */
bool ought_open;              /* the window, as it ought to be */
bool dead[NS];                /* a cookie that ought to be dead */
bool verified[NS];            /* the device has verified a proof in it */
byte told, told_in_life;      /* guesses that were revealed and not right: this press, this life */
byte epoch_out;               /* the last epoch that went out */

/* The request or event in hand: zero between two steps. */
byte ev, rr, body, judged;
bool looked;                  /* the proof was looked at */
bool asked;                   /* it is a request, or was until the power went */

/* Scratch of a d_step. */
hidden byte on, base, next, effects, i, k;
hidden short status;

#define LIVE ((st[0] != NONE) + (st[1] != NONE) + (st[2] != NONE) + (st[3] != NONE))
#define FULL ((SINGLE && LIVE >= 1) || (SEVERAL && LIVE >= c_expr { sessions }))
#define NONE_LEFT (charged_now >= TRIES || (!long_window && charged >= LIFE))

/* The client's proof and bundle are good in session r: the keys are the same, and the client and
   the device saw the same offer, where that is bound. */
#define SAME_OFFER(r) (c_value == value[r] && (!EPOCH || c_epoch == ep[r]))
#define MATCH(r) (who[r] == HONEST && c_share == HONEST && value[c_session] == value[r] && \
                  (!BOUND || SAME_OFFER(r)))
/* The attacker has the keys of session r; those that the client has. */
#define EXPONENT_IS_ENOUGH (WEAK && (!PAKE || has_auth || KNOWS_VERIFIER))
#define HAS_KEYS(r) ((who[r] == THIEF && (!PAKE || has_auth)) || \
                     (who[r] == HONEST && EXPONENT_IS_ENOUGH))
#define HAS_CLIENT_KEYS (c_share == THIEF || (c_share == HONEST && EXPONENT_IS_ENOUGH))
#define SENT(p) (phase >= p && phase != GAVE_UP)

/* ---- The device's table ------------------------------------------------------------------------
   By hand, as in protocol/README.md: state, event, judged, status, next, effects, when. */
#define ROW(s, e, j, answer, to, what, when) \
  :: on == s && ev == e && judged == j && when -> status = answer; next = to; effects = what
#define REOPEN (DROP_ALL + OPEN_WINDOW)
#define SHUT (DROP_ALL + CLOSE_WINDOW)

inline table() {
  if
  :: on == CLOSED ->
    if
    ROW(CLOSED, PRESS, ANY, SILENT, NO_SESSION, REOPEN, UNLIMITED)
    ROW(CLOSED, PRESS, GOOD, SILENT, NO_SESSION, REOPEN, LIMITED)
    ROW(CLOSED, PRESS, BAD, SILENT, CLOSED, 0, LIMITED)
    ROW(CLOSED, PRESS, FAILED, SILENT, CLOSED, 0, LIMITED)
    ROW(CLOSED, LONG_PRESS, ANY, SILENT, NO_SESSION, REOPEN, ALWAYS)
    ROW(CLOSED, RESTART, ANY, SILENT, CLOSED, 0, ALWAYS)
    ROW(CLOSED, WINDOW_EXPIRED, ANY, SILENT, CLOSED, 0, ALWAYS)
    ROW(CLOSED, SESSION_EXPIRED, ANY, SILENT, CLOSED, 0, ALWAYS)
    ROW(CLOSED, GET_DH, ANY, 403, CLOSED, 0, ALWAYS)
    ROW(CLOSED, POST_DH, ANY, 403, CLOSED, 0, ALWAYS)
    ROW(CLOSED, POST_AUTH, ANY, 403, CLOSED, 0, ALWAYS)
    ROW(CLOSED, POST_KEY, ANY, 403, CLOSED, 0, ALWAYS)
    :: else -> no_row()
    fi
  :: on == NO_SESSION ->
    if
    ROW(NO_SESSION, PRESS, ANY, SILENT, NO_SESSION, REOPEN, UNLIMITED)
    ROW(NO_SESSION, PRESS, GOOD, SILENT, NO_SESSION, REOPEN, LIMITED)
    ROW(NO_SESSION, PRESS, BAD, SILENT, NO_SESSION, 0, LIMITED)
    ROW(NO_SESSION, PRESS, FAILED, SILENT, NO_SESSION, 0, LIMITED)
    ROW(NO_SESSION, LONG_PRESS, ANY, SILENT, NO_SESSION, REOPEN, ALWAYS)
    ROW(NO_SESSION, RESTART, ANY, SILENT, CLOSED, SHUT, ALWAYS)
    ROW(NO_SESSION, WINDOW_EXPIRED, ANY, SILENT, CLOSED, SHUT, ALWAYS)
    ROW(NO_SESSION, SESSION_EXPIRED, ANY, SILENT, NO_SESSION, 0, ALWAYS)
    ROW(NO_SESSION, GET_DH, GOOD, 200, AWAIT_SHARE, CREATE, ALWAYS)
    ROW(NO_SESSION, GET_DH, BAD, 503, NO_SESSION, 0, ALWAYS)
    ROW(NO_SESSION, GET_DH, FAILED, 503, NO_SESSION, 0, ALWAYS)
    ROW(NO_SESSION, POST_DH, ANY, 401, NO_SESSION, 0, ALWAYS)
    ROW(NO_SESSION, POST_AUTH, ANY, 401, NO_SESSION, 0, ALWAYS)
    ROW(NO_SESSION, POST_KEY, ANY, 401, NO_SESSION, 0, ALWAYS)
    :: else -> no_row()
    fi
  :: on == AWAIT_SHARE ->
    if
    ROW(AWAIT_SHARE, PRESS, ANY, SILENT, NO_SESSION, REOPEN, UNLIMITED)
    ROW(AWAIT_SHARE, PRESS, GOOD, SILENT, NO_SESSION, REOPEN, LIMITED)
    ROW(AWAIT_SHARE, PRESS, BAD, SILENT, AWAIT_SHARE, 0, LIMITED)
    ROW(AWAIT_SHARE, PRESS, FAILED, SILENT, AWAIT_SHARE, 0, LIMITED)
    ROW(AWAIT_SHARE, LONG_PRESS, ANY, SILENT, NO_SESSION, REOPEN, ALWAYS)
    ROW(AWAIT_SHARE, RESTART, ANY, SILENT, CLOSED, SHUT, ALWAYS)
    ROW(AWAIT_SHARE, WINDOW_EXPIRED, ANY, SILENT, CLOSED, SHUT, ALWAYS)
    ROW(AWAIT_SHARE, SESSION_EXPIRED, ANY, SILENT, NO_SESSION, DROP, ALWAYS)
    ROW(AWAIT_SHARE, GET_DH, GOOD, 200, AWAIT_SHARE, CREATE, ALWAYS)
    ROW(AWAIT_SHARE, GET_DH, BAD, 503, AWAIT_SHARE, 0, ALWAYS)
    ROW(AWAIT_SHARE, GET_DH, FAILED, 503, AWAIT_SHARE, 0, ALWAYS)
    ROW(AWAIT_SHARE, POST_DH, GOOD, 200, AWAIT_AUTH, SET_KEYS, ALWAYS)
    ROW(AWAIT_SHARE, POST_DH, BAD, 400, AWAIT_SHARE, 0, SEVERAL)
    ROW(AWAIT_SHARE, POST_DH, BAD, 400, NO_SESSION, DROP, SINGLE)
    ROW(AWAIT_SHARE, POST_DH, FAILED, 503, AWAIT_SHARE, 0, SEVERAL)
    ROW(AWAIT_SHARE, POST_DH, FAILED, 503, NO_SESSION, DROP, SINGLE)
    ROW(AWAIT_SHARE, POST_DH, EXHAUSTED, 403, CLOSED, SHUT, LIMITED)
    ROW(AWAIT_SHARE, POST_AUTH, ANY, 409, AWAIT_SHARE, 0, SEVERAL)
    ROW(AWAIT_SHARE, POST_AUTH, ANY, 409, NO_SESSION, DROP, SINGLE)
    ROW(AWAIT_SHARE, POST_KEY, ANY, 409, NO_SESSION, DROP, ALWAYS)
    :: else -> no_row()
    fi
  :: on == AWAIT_AUTH ->
    if
    ROW(AWAIT_AUTH, PRESS, ANY, SILENT, NO_SESSION, REOPEN, UNLIMITED)
    ROW(AWAIT_AUTH, PRESS, GOOD, SILENT, NO_SESSION, REOPEN, LIMITED)
    ROW(AWAIT_AUTH, PRESS, BAD, SILENT, AWAIT_AUTH, 0, LIMITED)
    ROW(AWAIT_AUTH, PRESS, FAILED, SILENT, AWAIT_AUTH, 0, LIMITED)
    ROW(AWAIT_AUTH, LONG_PRESS, ANY, SILENT, NO_SESSION, REOPEN, ALWAYS)
    ROW(AWAIT_AUTH, RESTART, ANY, SILENT, CLOSED, SHUT, ALWAYS)
    ROW(AWAIT_AUTH, WINDOW_EXPIRED, ANY, SILENT, CLOSED, SHUT, ALWAYS)
    ROW(AWAIT_AUTH, SESSION_EXPIRED, ANY, SILENT, NO_SESSION, DROP, ALWAYS)
    ROW(AWAIT_AUTH, GET_DH, GOOD, 200, AWAIT_SHARE, CREATE, ALWAYS)
    ROW(AWAIT_AUTH, GET_DH, BAD, 503, AWAIT_AUTH, 0, ALWAYS)
    ROW(AWAIT_AUTH, GET_DH, FAILED, 503, AWAIT_AUTH, 0, ALWAYS)
    ROW(AWAIT_AUTH, POST_DH, ANY, 409, AWAIT_AUTH, 0, SEVERAL)
    ROW(AWAIT_AUTH, POST_DH, ANY, 409, NO_SESSION, DROP, SINGLE)
    ROW(AWAIT_AUTH, POST_AUTH, GOOD, 204, AWAIT_KEY, 0, ALWAYS)
    ROW(AWAIT_AUTH, POST_AUTH, BAD, 401, NO_SESSION, DROP, ALWAYS)
    ROW(AWAIT_AUTH, POST_AUTH, FAILED, 503, NO_SESSION, DROP, ALWAYS)
    ROW(AWAIT_AUTH, POST_AUTH, EXHAUSTED, 401, CLOSED, SHUT, LIMITED)
    ROW(AWAIT_AUTH, POST_KEY, ANY, 409, NO_SESSION, DROP, ALWAYS)
    :: else -> no_row()
    fi
  :: else ->
    if
    ROW(AWAIT_KEY, PRESS, ANY, SILENT, NO_SESSION, REOPEN, UNLIMITED)
    ROW(AWAIT_KEY, PRESS, GOOD, SILENT, NO_SESSION, REOPEN, LIMITED)
    ROW(AWAIT_KEY, PRESS, BAD, SILENT, AWAIT_KEY, 0, LIMITED)
    ROW(AWAIT_KEY, PRESS, FAILED, SILENT, AWAIT_KEY, 0, LIMITED)
    ROW(AWAIT_KEY, LONG_PRESS, ANY, SILENT, NO_SESSION, REOPEN, ALWAYS)
    ROW(AWAIT_KEY, RESTART, ANY, SILENT, CLOSED, SHUT, ALWAYS)
    ROW(AWAIT_KEY, WINDOW_EXPIRED, ANY, SILENT, CLOSED, SHUT, ALWAYS)
    ROW(AWAIT_KEY, SESSION_EXPIRED, ANY, SILENT, NO_SESSION, DROP, ALWAYS)
    ROW(AWAIT_KEY, GET_DH, GOOD, 200, AWAIT_SHARE, CREATE, ALWAYS)
    ROW(AWAIT_KEY, GET_DH, BAD, 503, AWAIT_KEY, 0, ALWAYS)
    ROW(AWAIT_KEY, GET_DH, FAILED, 503, AWAIT_KEY, 0, ALWAYS)
    ROW(AWAIT_KEY, POST_DH, ANY, 409, AWAIT_KEY, 0, SEVERAL)
    ROW(AWAIT_KEY, POST_DH, ANY, 409, NO_SESSION, DROP, SINGLE)
    ROW(AWAIT_KEY, POST_AUTH, ANY, 409, AWAIT_KEY, 0, SEVERAL)
    ROW(AWAIT_KEY, POST_AUTH, ANY, 409, NO_SESSION, DROP, SINGLE)
    ROW(AWAIT_KEY, POST_KEY, GOOD, 204, CLOSED, INSTALL + SHUT, BARE)
    ROW(AWAIT_KEY, POST_KEY, GOOD, 200, CLOSED, INSTALL + SHUT, ACKNOWLEDGED)
    ROW(AWAIT_KEY, POST_KEY, BAD, 400, CLOSED, SHUT, ALWAYS)
    ROW(AWAIT_KEY, POST_KEY, FAILED, 400, CLOSED, SHUT, ALWAYS)
    :: else -> no_row()
    fi
  fi;
  c_code { row_taken(on, now.ev, now.judged, status, next, effects, i, now.body); }
}

/* The table is not complete: an error of whatever claim is checked. */
inline no_row() { assert(false) }

/* ---- What is watched: before the effects of a row -------------------------------------------- */
inline all_dead() {
  k = 0;
  do :: k < nses -> dead[k] = true; k++ :: else -> break od
}

/* A guess was told to be wrong, or was revealed. A right one that is 503 (our own failure) stays
   charged in its window; in the life's count it may have been refunded by then. */
inline tell() {
  if :: told <= TRIES -> told++ :: else fi;
  if
  :: LIMITED && (PAKE || body == JUNK) ->
    told_in_life++;
    if :: told_in_life > charged -> c6 = true :: else fi;
    if :: !long_window && told_in_life > LIFE -> c5 = true :: else fi
  :: else
  fi;
  if :: told > TRIES -> c5 = true :: else fi
}

/* The client's message was taken in another session than it was made for. */
inline watch_origin() {
  if
  :: body == HONEST && judged == GOOD && rr != c_session && !HAS_CLIENT_KEYS &&
     !(EPOCH && BOUND && SAME_OFFER(rr)) -> f1 = true
  :: else
  fi
}

inline watch() {
  if
  :: !WHOLE && status != SILENT && status < 400 ->
    if :: !window || !ought_open -> c4 = true :: else fi;
    if :: ev != GET_DH && rr < NS && dead[rr] -> c2 = true :: else fi
  :: else
  fi;
  if
  :: i == NS && (ev == RESTART || ev == WINDOW_EXPIRED) -> ought_open = false; all_dead()
  :: i == NS && (ev == PRESS || ev == LONG_PRESS) && (judged == ANY || judged == GOOD) ->
    ought_open = true; key_done = false; told = 0; all_dead()
  :: ev == SESSION_EXPIRED && rr < NS -> dead[rr] = true
  :: ev == GET_DH && judged == FAILED && GATE_REFUSES -> got_503 = true
  :: ev == POST_DH && status == 200 ->
    if :: body == ONE -> d1 = true :: else fi;
    if :: PAKE -> tell() :: else fi;
    if :: PAKE && WEAK && !has_auth -> has_auth = true; o1 = true; c_code { learned("code"); }
       :: else fi;
    if :: phase < PROVED && (!PAKE || body == HONEST) -> answered[rr] = true :: else fi
  :: ev == POST_AUTH && rr < NS && judged != ANY ->
    if :: !PAKE && looked && judged != GOOD -> tell() :: else fi;
    if
    :: judged == GOOD ->
      verified[rr] = true;
      if :: PAKE && told > 0 -> told-- :: else fi;
      if :: LIMITED && (charged != 0 || charged_now != told) -> unrefunded = true :: else fi;
      if :: RECORDER -> seen_204 = true :: else fi;
      watch_origin()
    :: status == 401 ->
      dead[rr] = true;
      if :: LIMITED && told >= TRIES -> ought_open = false; all_dead() :: else fi
    :: else
    fi
  :: ev == POST_KEY && rr < NS ->
    if :: (effects & INSTALL) != 0 && !verified[rr] -> c1 = true :: else fi;
    if :: body == HONEST && judged == GOOD && !PASSIVE -> seen_ack = true :: else fi;
    watch_origin();
    dead[rr] = true;
    if :: verified[rr] -> key_done = true; ought_open = false; all_dead() :: else fi
  :: else
  fi;
  if :: SINGLE && rr < NS && ev > GET_DH && status >= 400 -> dead[rr] = true :: else fi
}

/* ---- Effects --------------------------------------------------------------------------------- */
inline end_session(n) { st[n] = NONE; who[n] = 0; verified[n] = false }

inline apply() {
  if
  :: (effects & INSTALL) != 0 -> /* one record: all or nothing */
    stored_cert = (body == THIEF -> THIEF : HONEST);
    stored_key = stored_cert;
    if
    :: body == THIEF -> by_thief = 1
    :: else -> if :: by_client < 2 -> by_client++ :: else fi
    fi
  :: else
  fi;
  if :: (effects & DROP) != 0 && i < NS -> end_session(i) :: else fi;
  if
  :: (effects & DROP_ALL) != 0 ->
    k = 0;
    do :: k < NS -> end_session(k); k++ :: else -> break od
  :: else
  fi;
  if
  :: (effects & OPEN_WINDOW) != 0 ->
    window = true; charged_now = 0;
    long_window = (ev == LONG_PRESS && LIFE_MATTERS)
  :: else
  fi;
  if :: (effects & CLOSE_WINDOW) != 0 -> window = false :: else fi;
  if :: ev == RESTART && i == NS -> since_boot = 0 :: else fi;
  if
  :: (effects & CREATE) != 0 ->
    if :: SINGLE && LIVE > 0 -> two = true :: else fi;
    assert(nses < NS);
    value[nses] = (REPEAT -> since_boot : nses);
    if :: REPEAT -> since_boot++ :: else fi;
    k = 0;
    do /* a cookie names one session: the newest */
    :: k < nses ->
      if :: st[k] != NONE && value[k] == value[nses] -> end_session(k) :: else fi;
      k++
    :: else -> break
    od;
    st[nses] = next;
    if
    :: EPOCH ->
      ep[nses] = last_epoch;
      if :: ep[nses] <= epoch_out -> c6 = true :: else -> epoch_out = ep[nses] fi
    :: else
    fi;
    nses++
  :: i < NS && (effects & CREATE) == 0 && st[i] != NONE ->
    if
    :: (effects & SET_KEYS) != 0 -> who[i] = (body == HONEST -> HONEST : THIEF)
    :: else
    fi;
    st[i] = next
  :: else
  fi
}

/* The event in hand, at every session that it concerns, and then at the device. */
inline device() {
  base = (window -> NO_SESSION : CLOSED);
  i = (WHOLE -> 0 : rr);
  do
  :: i > NS -> break
  :: i < NS && WHOLE && st[i] == NONE -> i++
  :: else ->
    if
    :: i == NS -> on = base
    :: i < NS && ev >= GET_DH && !window -> on = CLOSED /* it asks for the window first */
    :: else -> on = st[i]
    fi;
    table();
    watch();
    apply();
    i = (WHOLE -> i + 1 : NS + 1)
  od
}

/* ---- Judging: choices, and the power may go wherever something was stored -------------------- */
#define FAULT faults > 0 -> faults--; judged = FAILED
#define POWER_CUT restarts > 0 -> restarts--; ev = RESTART; rr = NS; judged = ANY; body = 0

inline judge_press() {
  if
  :: UNLIMITED || ev == LONG_PRESS -> judged = ANY
  :: LIMITED && ev == PRESS && charged >= LIFE -> judged = BAD
  :: LIMITED && ev == PRESS && charged < LIFE -> judged = GOOD
  :: LIMITED && ev == PRESS && FAULT
  fi
}

inline judge_get() {
  if
  :: FULL -> judged = BAD
  :: !FULL && GATE_REFUSES -> judged = FAILED
  :: !FULL && !GATE_REFUSES && FAULT
  :: !FULL && !GATE_REFUSES && !EPOCH -> judged = GOOD
  :: !FULL && !GATE_REFUSES && EPOCH ->
    last_epoch++; /* stored before the offer goes out */
    if :: judged = GOOD :: FAULT :: POWER_CUT fi
  fi
}

inline judge_share() {
  if
  :: body == JUNK || (body == ONE && !DEGENERATE_OK) -> judged = BAD
  :: !(body == JUNK || (body == ONE && !DEGENERATE_OK)) ->
    if
    :: FAULT
    :: !(PAKE && LIMITED) -> judged = GOOD
    :: PAKE && LIMITED && NONE_LEFT -> judged = EXHAUSTED
    :: PAKE && LIMITED && !NONE_LEFT ->
      charged++; /* stored before confirmV is revealed */
      if :: charged_now++; judged = GOOD :: FAULT :: POWER_CUT fi
    fi
  fi
}

inline judge_proof() {
  if
  :: !PAKE && LIMITED && NONE_LEFT -> judged = EXHAUSTED
  :: !PAKE && LIMITED && !NONE_LEFT ->
    if
    :: FAULT
    :: charged = charged + 1; /* stored before it is said whether the serial number is right */
      if :: charged_now++; looked = true :: FAULT :: POWER_CUT fi
    fi
  :: PAKE || UNLIMITED -> looked = true
  fi;
  if
  :: !looked -> skip
  :: looked && FAULT
  :: looked && body == JUNK ->
    if
    :: LIMITED && NONE_LEFT -> judged = EXHAUSTED
    :: LIMITED && !NONE_LEFT && faults > 0 -> faults--; judged = EXHAUSTED /* cannot be read */
    :: UNLIMITED || !NONE_LEFT -> judged = BAD
    fi
  :: looked && body != JUNK && UNLIMITED -> judged = GOOD
  :: looked && body != JUNK && LIMITED ->
    charged = 0; told_in_life = 0;
    if :: charged_now--; judged = GOOD :: FAULT :: POWER_CUT fi
  fi
}

inline judge_bundle() {
  if
  :: body == JUNK -> judged = BAD
  :: body != JUNK && FAULT
  :: body != JUNK -> judged = GOOD
  fi
}

inline judge() {
  if
  :: ev == PRESS || ev == LONG_PRESS -> judge_press()
  :: ev == GET_DH && window -> judge_get()
  :: ev == POST_DH && window && rr < NS && st[rr] == AWAIT_SHARE -> judge_share()
  :: ev == POST_AUTH && window && rr < NS && st[rr] == AWAIT_AUTH -> judge_proof()
  :: ev == POST_KEY && window && rr < NS && st[rr] == AWAIT_KEY -> judge_bundle()
  :: else -> skip
  fi
}

/* ---- Who sends what -------------------------------------------------------------------------- */
/* The client's own messages: once with a passive attacker, else as often as the attacker likes. */
#define CLIENTS(p) ((PASSIVE && phase == p) || (!PASSIVE && SENT(p)))
/* No more GETs than the bound: but one that is turned away anyway. */
#define MAY_GET (!window || nses < c_expr { sessions } || FULL || GATE_REFUSES)
#define GETS (CLIENTS(ASKED) && MAY_GET)
#define POSTS (CLIENTS(SHARED) || CLIENTS(PROVED) || CLIENTS(SEALED))
/* Who rewrites cookies reaches any session; else a POST reaches that of the client's cookie. */
#define HAS_COOKIE(r) (st[r] != NONE && value[r] == c_value)
#define NOWHERE (!HAS_COOKIE(0) && !HAS_COOKIE(1) && !HAS_COOKIE(2) && !HAS_COOKIE(3))
#define REACHED(r) (st[r] != NONE && (ACTIVE || (POSTS && value[r] == c_value)))
#define BY_CLIENT(p) (CLIENTS(p) && (ACTIVE || rr < NS || NOWHERE))
#define IN(s) (window && rr < NS && st[rr] == s)
inline request() {
  if
  :: REACHED(0) -> rr = 0
  :: REACHED(1) -> rr = 1
  :: REACHED(2) -> rr = 2
  :: REACHED(3) -> rr = 3
  :: ACTIVE || GETS || (POSTS && NOWHERE) -> rr = NS
  fi;
  asked = true;
  if
  :: (ACTIVE && MAY_GET) || (rr == NS && GETS) -> ev = GET_DH
  :: IN(AWAIT_SHARE) && BY_CLIENT(SHARED) -> ev = POST_DH; body = HONEST
  :: IN(AWAIT_SHARE) && ACTIVE -> ev = POST_DH; body = THIEF
  :: IN(AWAIT_SHARE) && ACTIVE && !PAKE -> ev = POST_DH; body = ONE
  :: IN(AWAIT_AUTH) && BY_CLIENT(PROVED) && MATCH(rr) -> ev = POST_AUTH; body = HONEST
  :: IN(AWAIT_AUTH) && ACTIVE && HAS_KEYS(rr) && (PAKE || has_auth) -> ev = POST_AUTH; body = THIEF
  :: IN(AWAIT_KEY) && BY_CLIENT(SEALED) && MATCH(rr) -> ev = POST_KEY; body = HONEST
  :: IN(AWAIT_KEY) && ACTIVE && HAS_KEYS(rr) -> ev = POST_KEY; body = THIEF
  :: IN(AWAIT_KEY) && ACTIVE && HAS_KEYS(rr) && has_key -> ev = POST_KEY; body = AGAIN
  /* whatever is refused */
  :: ACTIVE || (BY_CLIENT(SHARED) && !IN(AWAIT_SHARE)) -> ev = POST_DH
  :: ACTIVE || (BY_CLIENT(PROVED) && !(IN(AWAIT_AUTH) && MATCH(rr))) -> ev = POST_AUTH
  :: ACTIVE || (BY_CLIENT(SEALED) && !(IN(AWAIT_KEY) && MATCH(rr))) -> ev = POST_KEY
  fi
}

/* Passive: the answer comes back with the request; a cut in between loses it. */
inline react() {
  if
  :: !PASSIVE || !asked -> skip
  :: else ->
    if
    :: ev == GET_DH && status == 200 ->
      c_value = value[nses - 1]; c_epoch = ep[nses - 1]; phase = SHARED
    :: ev == POST_DH && status == 200 -> c_share = HONEST; c_session = rr; phase = PROVED
    :: ev == POST_AUTH && status == 204 -> phase = SEALED
    :: ev == POST_KEY && status < 400 -> phase = COMPLETED
    :: else -> phase = GAVE_UP
    fi;
    c_code { client_did(now.phase, now.c_share, now.c_session); }
  fi
}

/* What the attacker has after a step. */
inline learn() {
  if
  :: HAS_CLIENT_KEYS && SENT(PROVED) ->
    if :: !PAKE && !has_auth -> has_auth = true; o1 = true; c_code { learned("serial number"); }
       :: else fi;
    if :: SENT(SEALED) && !has_key -> has_key = true; c_code { learned("client's private key"); }
       :: else fi
  :: else
  fi
}

inline tidy() {
  ev = 0; rr = 0; body = 0; judged = 0; looked = false; asked = false;
  if :: !window -> charged_now = 0; told = 0; long_window = false :: else fi;
  if
  :: SENT(PROVED) -> answered[0] = false; answered[1] = false; answered[2] = false;
                     answered[3] = false
  :: else
  fi
}

inline client(p) { phase = p; c_code { client_did(now.phase, now.c_share, now.c_session); } }

/* The client takes the offer of session n. Where nothing is bound, the attacker rewrites it. */
inline take_offer(n) {
  c_value = (ACTIVE && !BOUND -> NS : value[n]);
  c_epoch = (ACTIVE && !BOUND -> 0 : ep[n]);
  client(SHARED)
}

/* The client takes the answer of session n: with spake2plus, if it confirms what the client saw. */
#define MAY_TAKE(n) (!PASSIVE && phase == SHARED && answered[n] && (!PAKE || SAME_OFFER(n)))
inline take_share(n) { c_share = HONEST; c_session = n; client(PROVED); learn(); tidy() }

/* The client takes a share of the attacker's. */
inline take_thief() {
  c_share = THIEF; c_value = 0; c_epoch = 0; client(PROVED); learn(); tidy()
}

active proctype world() {
  d_step {
    c_code {
      configure();
      now.presses = presses_; now.restarts = restarts_; now.expiries = expiries_;
      now.faults = faults_;
      now.has_auth = knows_auth || knows_codes;
      now.o1 = knows_codes;
    }
  }
end:
  do
  /* The device: buttons, power, time, requests. */
  :: atomic {
      if
      :: presses > 0 -> presses--; rr = NS; ev = PRESS
      :: presses > 0 -> presses--; rr = NS; ev = LONG_PRESS
      :: restarts > 0 -> restarts--; rr = NS; ev = RESTART
      :: expiries > 0 && st[0] != NONE -> rr = 0; ev = SESSION_EXPIRED
      :: expiries > 0 && st[1] != NONE -> rr = 1; ev = SESSION_EXPIRED
      :: expiries > 0 && st[2] != NONE -> rr = 2; ev = SESSION_EXPIRED
      :: expiries > 0 && st[3] != NONE -> rr = 3; ev = SESSION_EXPIRED
      :: c_expr { edges } -> rr = NS; ev = SESSION_EXPIRED /* nobody's: it changes nothing */
      :: c_expr { edges } && !window -> rr = NS; ev = WINDOW_EXPIRED
      :: request()
      fi;
      judge();
      d_step {
        if
        :: ev == SESSION_EXPIRED && rr < NS && expiries != 255 -> expiries--
        :: else
        fi;
        device();
        react();
        learn();
        tidy()
      }
    }

  /* The client, where the attacker has the wire. */
  :: d_step { phase == IDLE -> client(ASKED) }
  :: d_step { !PASSIVE && phase == ASKED && nses > 0 -> take_offer(0) }
  :: d_step { !PASSIVE && phase == ASKED && nses > 1 -> take_offer(1) }
  :: d_step { !PASSIVE && phase == ASKED && nses > 2 -> take_offer(2) }
  :: d_step { !PASSIVE && phase == ASKED && nses > 3 -> take_offer(3) }
  /* An offer of the attacker's own. Where there is a device's, that one serves it as well. */
  :: d_step { ACTIVE && phase == ASKED && nses == 0 -> c_value = NS; client(SHARED) }
  :: d_step { MAY_TAKE(0) -> take_share(0) }
  :: d_step { MAY_TAKE(1) -> take_share(1) }
  :: d_step { MAY_TAKE(2) -> take_share(2) }
  :: d_step { MAY_TAKE(3) -> take_share(3) }
  :: d_step { ACTIVE && phase == SHARED && (!PAKE || has_auth || KNOWS_VERIFIER) -> take_thief() }
  :: d_step { ACTIVE && phase == SHARED && DEGENERATE_OK -> d1 = true; take_thief() }
  /* A 204 to auth.wib proves nothing, in no suite. */
  :: d_step { phase == PROVED && (ACTIVE || (RECORDER && seen_204)) -> client(SEALED); learn() }
  :: d_step {
      phase == SEALED &&
      ((BARE && ACTIVE) || (seen_ack && !PASSIVE) || (ACTIVE && HAS_CLIENT_KEYS)) ->
      client(COMPLETED)
    }

  /* Afterwards: a TLS session with the pair that was installed, recorded. */
  :: d_step { stored_cert != 0 && WEAK && !s4 -> s4 = true }
  od
}

/* The window's time. A process of its own, so that weak fairness is about it. */
active proctype clock() {
end:
  do
  :: d_step {
      window && expiries > 0 ->
      assert(!asked); /* no step of the world's is cut in two */
      if :: expiries != 255 -> expiries-- :: else fi;
      ev = WINDOW_EXPIRED; rr = NS;
      device();
      tidy()
    }
  od
}

/* ---- The claims: ids as in /protocol's tables, in lower case --------------------------------- */
/* Expected to be BROKEN: an honest run completes (P-R0); a gated device answers 503. */
ltl never_r0 { [] !(phase == COMPLETED && by_client == 1 && by_thief == 0) }
ltl never_503 { [] !got_503 }

ltl p_s { [] !has_key }  /* P-S1, P-S2, P-S3: by scenario */
ltl p_s4 { [] !s4 }
ltl p_a1 { [] !(phase == COMPLETED && by_client == 0) }
ltl p_a2 { [] (by_thief == 0) }  /* also P-L1, P-L3/client, P-L3/offline: by scenario */
ltl p_a3 { [] (by_client <= 1) }
ltl p_o1 { [] !o1 }
ltl p_l3_rogue { [] !((phase == COMPLETED && by_client == 0) || has_key) }
ltl p_c1 { [] !c1 }
ltl p_c2 { [] !c2 }
ltl p_c3 { [] (key_done -> ((!window) W (!key_done))) }
ltl p_c4 { [] !c4 }
ltl p_c5 { [] !c5 }
ltl p_c6 { [] (!c6 && stored_cert == stored_key) }
ltl p_d1 { [] !d1 }
ltl p_f1 { [] !f1 }

/* No property ids of their own: `single` is one session at a time; a right guess is refunded. */
ltl one_session { [] !two }
ltl refund { [] !unrefunded }

/* With -f and WIB_EXPIRIES=always: whatever is open is closed again. Presses are bounded, so "or
   is pressed again" can be left out. */
ltl live_window { [] (window -> <> (!window)) }
