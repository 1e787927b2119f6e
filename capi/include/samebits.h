#ifndef SAMEBITS_H
#define SAMEBITS_H

/**
 * @file
 * samebits moves the same image bits from a pull request to production through Git. This is its C face.
 *
 * Conventions of this header
 *  1. Every function that can fail returns an sb_code and gives an sb_result, on success and on failure. The code is
 *     the exit status that the command `samebits` would end with. Where memory runs out the result is one that is
 *     never freed, so that there is always a document to read; sb_result_free() knows it.
 *  2. Text you give is UTF-8, ends in NUL and is only read during the call. Text you get belongs to its handle and is
 *     valid until the handle is freed. No function gives memory that is yours to free.
 *  3. You free handles, nothing else, each with its own function. Freeing NULL is fine.
 *  4. A client is used by one thread at a time, and two clients share nothing. A second call on a client that is in a
 *     call, from another thread or from inside one of its own callbacks, is refused with `bad_request`. A result never
 *     changes and may be read by many threads. sb_cancel_fire() may be called at any time from any thread.
 *  5. Requests refuse members that they do not know, and members that stand twice. Readers of results must ignore
 *     members that they do not know, and take an unknown code for SB_INTERNAL.
 *  6. A request is one JSON object; NULL and "" are "{}". A request member is the command's long option in camelCase
 *     (`--dry-run` is "dryRun"). The result is the document that `samebits --output json` prints.
 *  7. No function prints, exits, aborts, throws, changes the locale, the current folder, signal handlers or the
 *     environment, or reads the environment. Nothing is read from this machine but what a request, the configuration or
 *     the pipeline's definition names.
 *  8. Callbacks run during a call, on the thread that called, and never otherwise. They must not throw, longjmp or use
 *     the client that calls them.
 *  9. Two promises: the functions and codes for users are kept while the library's soname stays; the questions that a
 *     custom port is asked may gain members and operations in a minor version, and a port answers what it does not know
 *     with SB_PROTOCOL.
 *
 * Process-wide effects. The libraries below are loaded when the first call needs them (dlopen of libgit2, libcurl.so.4
 * and OpenSSL's libcrypto.so.3), and stay: none is shut down, and this library stays loaded after dlclose() too (it is
 * linked with -z nodelete). Where one is missing, the calls that need it say so. The first operation that touches Git
 * initialises libgit2 for the process (git_libgit2_init) and sets, for every user of libgit2 in the process: no system,
 * global and XDG configuration, no check of a repository's owner, flushing of what is written, strict object creation
 * and hash verification, a larger cache of trees, and that the extensions preciousobjects and worktreeconfig are known.
 * The first request over HTTP initialises libcurl (curl_global_init); certificates are checked by `ca`, or by the
 * system's authorities as libcurl finds them. OpenSSL is used for hashes and initialises itself. sb_features() loads
 * all three. Needed from the start: zlib, yaml-cpp, fmt, libstdc++, libc.
 *
 * fork. After fork() without exec the child may free what it inherited and make new clients, as long as no thread of
 * the parent was in a call at that moment. A client that was made before must not be used on both sides.
 */

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define SB_API __attribute__((visibility("default")))
#else
#define SB_API
#endif

#define SB_VERSION_MAJOR 0
#define SB_VERSION_MINOR 1
#define SB_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/* -- Codes -------------------------------------------------------------------------------------------------------- */

/** How a call ended: one of the constants below. The error's document names the exact case in /error/code. */
typedef int32_t sb_code;

enum {
  SB_OK = 0,            /**< done, or as wanted already */
  SB_INTERNAL = 1,      /**< a fault of this library, or no memory */
  SB_USAGE = 2,         /**< the request, the configuration or a file is wrong */
  SB_POLICY = 10,       /**< a rule of the pipeline forbids it: a gate did not pass, it would move backwards, ... */
  SB_CONFLICT = 11,     /**< somebody else was first: the tag exists, the race is lost, the plan is outdated */
  SB_PENDING = 12,      /**< not yet: a gate is pending, or the deadline has passed */
  SB_CANCELLED = 13,    /**< sb_cancel_fire() */
  SB_AUTH = 20,         /**< a service does not know or does not allow these credentials */
  SB_NOT_FOUND = 21,    /**< an image, commit, file, key or repository is missing */
  SB_RATE_LIMITED = 22, /**< a service asks to wait; see /error/retryAfterSeconds */
  SB_TRANSIENT = 23,    /**< a service cannot be reached or fails; see /error/outcomeUnknown */
  SB_PROTOCOL = 24      /**< a service answers what it must not, or lacks what is needed */
};

/**
 * The kind that a code stands for, as documents spell it: "policy".
 * Thread: safe.
 * @param code  any number
 * @return static text; "ok" for SB_OK, "internal" for a number that is no code
 * @since 0.1
 */
SB_API const char* sb_code_name(sb_code code);

/* -- The library -------------------------------------------------------------------------------------------------- */

/**
 * The version of the library that is running, "0.1.0".
 * Thread: safe.
 * @return static text
 * @since 0.1
 */
SB_API const char* sb_version(void);

/**
 * What this build has, as a document of kind Features: `version`, `operations`, `ports`, the `forges` and `reconcilers`
 * that it speaks to, and what is running below it: `libraries` by name, `tls`, `http2`. The first call loads them.
 * Thread: safe.
 * @return static text, JSON; NULL if memory ran out when it was first asked for
 * @since 0.1
 */
SB_API const char* sb_features(void);

/* -- Results ------------------------------------------------------------------------------------------------------ */

/** What a call gave: a document, and for some calls bytes. Immutable. */
typedef struct sb_result sb_result;

/**
 * The code that the call returned.
 * Thread: safe.
 * @param result  NULL gives SB_INTERNAL
 * @return the code
 * @since 0.1
 */
SB_API sb_code sb_result_code(const sb_result* result);

/**
 * The document: on success of the kind that the function names, on failure of kind Error.
 * Thread: safe.
 * @param result  NULL gives ""
 * @return JSON on one line, owned by the result; never NULL
 * @since 0.1
 */
SB_API const char* sb_result_json(const sb_result* result);

/**
 * For people: the error on one line, "error: FILE:3:9: ... (code)", and its hint, where there is one, on a second.
 * Thread: safe.
 * @param result  NULL gives ""
 * @return text owned by the result; "" where the document is no error; never NULL
 * @since 0.1
 */
SB_API const char* sb_result_message(const sb_result* result);

/**
 * One member of the document, for callers without a JSON library.
 * Thread: safe; it takes a lock of the result.
 * @param result   NULL gives NULL
 * @param pointer  JSON Pointer (RFC 6901), such as "/images/0/digest"; "" is the whole document; NULL gives NULL
 * @return a string's text, otherwise the value as JSON; owned by the result. NULL where nothing or null is there
 * @since 0.1
 */
SB_API const char* sb_result_get(const sb_result* result, const char* pointer);

/**
 * The bytes that the call gave beside its document: the edited file of sb_values_edit().
 * Thread: safe.
 * @param result  NULL gives NULL
 * @param size    receives the number of bytes; may be NULL
 * @return the bytes, owned by the result and followed by a NUL that does not count; NULL where the call gives none
 * @since 0.1
 */
SB_API const void* sb_result_bytes(const sb_result* result, size_t* size);

/**
 * Frees a result and all text that came from it.
 * Thread: safe, when nobody uses the result any more.
 * @param result  NULL does nothing
 * @since 0.1
 */
SB_API void sb_result_free(sb_result* result);

/* -- Cancellation ------------------------------------------------------------------------------------------------- */

/** Ends the operations of the clients that watch it. */
typedef struct sb_cancel sb_cancel;

/**
 * Makes a token that is not fired.
 * Thread: safe.
 * @return the token, to be freed with sb_cancel_free(); NULL if memory ran out
 * @since 0.1
 */
SB_API sb_cancel* sb_cancel_new(void);

/**
 * Ends running and future operations of the clients that watch the token with SB_CANCELLED, within 100 ms where the
 * work is ours. Sticky until sb_cancel_reset(). What was done is kept; the same request completes it later.
 * Thread: safe, and safe in a signal handler.
 * @param cancel  NULL does nothing
 * @since 0.1
 */
SB_API void sb_cancel_fire(sb_cancel* cancel);

/**
 * Makes the token as new.
 * Thread: safe.
 * @param cancel  NULL does nothing
 * @since 0.1
 */
SB_API void sb_cancel_reset(sb_cancel* cancel);

/**
 * Frees a token. No client may watch it any more.
 * Thread: safe, when nobody uses the token any more.
 * @param cancel  NULL does nothing
 * @since 0.1
 */
SB_API void sb_cancel_free(sb_cancel* cancel);

/* -- Clients ------------------------------------------------------------------------------------------------------ */

/** A pipeline and how to reach it. */
typedef struct sb_client sb_client;

/**
 * Makes a client. Does no input or output: what the configuration names is opened by the first operation.
 *
 * | member            | type   | meaning, and the default
 * |-------------------|--------|--------
 * | gitops            | string | the GitOps repository: a (bare) folder or file:// URL; some operations need none
 * | branch            | string | its branch; its HEAD branch
 * | config            | string | file with a pipeline definition to use instead of samebits.yaml at the tip
 * | author            | string | "NAME <MAIL>" of the commits that are made; samebits <samebits@localhost>
 * | message           | string | title of these commits; the message template
 * | timeout           | string | deadline of each operation, such as "90s", "5m", "1h30m"; "5m"
 * | cache             | string | folder for what is known of remote repositories between processes, or "none"; "none"
 * | logLevel          | string | "error", "warn", "info", "debug" or "trace", for sb_client_set_log(); "warn"
 * | credentials       | list   | who asks, each as below; the longest "for" that a request lies below decides; none
 * | apps              | list   | GitHub Apps that act for repositories, asked before `credentials`, as below; none
 * | dockerConfig      | any    | Docker's or podman's configuration, asked after `credentials`: a file's name, an
 * |                   |        | object as below, or a list of these, asked in turn; none
 * | git               | object | the programs that reach Git repositories, as below; those of /usr/bin without a home
 * | proxy             | any    | "http://[USER:PASSWORD@]HOST:PORT" or "https://..." for all targets, or an object
 * |                   |        | {"https"?: URL, "http"?: URL, "bypass"?: "HOST,.DOMAIN"}; never for loopback; none
 * | ca                | string | PEM file of the certificate authorities that are trusted; the system's
 * | clientCertificate | string | PEM file of a client certificate; none
 * | clientKey         | string | PEM file of its key; `clientCertificate`
 * | insecure          | list   | HOST or HOST:PORT that may be spoken to without TLS, besides loopback; none
 * | signing           | object | how commits and tags are signed, as below; they are not
 *
 * Of `signing`:
 * | format       | string | "openpgp" or "ssh"
 * | key?         | string | the key's id, fingerprint or address (default: the author), or the file of an ssh key
 * | program?     | string | what signs; gpg or ssh-keygen
 * | path?        | string | folders with that program, as in PATH; /usr/local/bin:/usr/bin:/bin
 * | environment? | list   | NAME=VALUE for the program, which gets nothing else: HOME, GNUPGHOME, SSH_AUTH_SOCK; none
 * | timeout?     | string | how long it may take; "30s"
 *
 * Of `credentials`, with one way to prove it:
 * | for            | string | https://HOST[:PORT][/PATH], or without the scheme: all that lies below it
 * | token?         | string | access token, or what a registry takes as a password
 * | username?      | string | with `password`
 * | password?      | string | with `username`
 * | identityToken? | string | exchanged at a registry's token server (OAuth 2 refresh token), `username` may go with it
 * | registryToken? | string | sent to the registry as it is
 *
 * Of `apps`, with one of the keys; tokens are made as they are needed, each for one repository and for one request:
 * | repository      | string | https://HOST/OWNER/REPOSITORY, or without the last parts: every repository there
 * | app             | string | the app's number or client id
 * | privateKey?     | string | its RSA key: the text of the PEM file
 * | privateKeyFile? | string | the PEM file, read for each token
 * | installation?   | string | the number of the app's installation; it is asked for
 *
 * Of `git`; the programs run without a shell and without a terminal:
 * | path?              | string | folders with git and ssh, as in PATH; /usr/local/bin:/usr/bin:/bin
 * | environment?       | list   | NAME=VALUE for them, who get nothing else; none. ssh wants HOME, and SSH_AUTH_SOCK
 * |                    |        | for its agent; git wants HOME for its configuration
 * | ssh?               | list   | the program for ssh:// and USER@HOST:PATH, and its first arguments; "ssh"
 * | credentialHelpers? | bool   | ask `git credential`, and so the helpers of Git's configuration, last, for
 * |                    |        | repositories over HTTP; false
 *
 * Of `dockerConfig`, with one of the first two:
 * | file?              | string | read when it is first needed; where it is missing it says nothing
 * | text?              | string | the configuration itself
 * | helperPath?        | string | folders with docker-credential-*, as in PATH; /usr/local/bin:/usr/bin:/bin
 * | helperEnvironment? | list   | NAME=VALUE for these programs, which get nothing else; none
 *
 * No secret of these, and none that a credential helper or the port "credentials" gives, stands in a log line, message
 * or document of this client: "***" does. Ones of less than four bytes are not looked for, and in documents that are no
 * errors ones of less than eight, which may be words.
 *
 * Thread: safe.
 * @param config_json  NULL is "{}"
 * @param client       receives the client, to be freed with sb_client_free(), or NULL; must not be NULL
 * @param result       receives a document of kind Features without the libraries, or the error; may be NULL
 * @return SB_OK; SB_USAGE (bad_request, bad_option)
 * @since 0.1
 */
SB_API sb_code sb_client_new(const char* config_json, sb_client** client, sb_result** result);

/**
 * Lets the client watch a token from the next call on.
 * @param client  NULL is refused; one thread at a time
 * @param cancel  borrowed until it is replaced or the client is freed; NULL: none
 * @return SB_OK; SB_USAGE (bad_request)
 * @since 0.1
 */
SB_API sb_code sb_client_set_cancel(sb_client* client, sb_cancel* cancel);

/**
 * Receives log lines.
 * @param userdata  as it was registered
 * @param level     0 error, 1 warn, 2 info, 3 debug, 4 trace
 * @param line      one line without secrets and control characters, valid during the call
 */
typedef void (*sb_log_fn)(void* userdata, int32_t level, const char* line);

/** Releases what a callback was registered with. Called exactly once, also where the registration fails. */
typedef void (*sb_drop_fn)(void* userdata);

/**
 * Lets `call` have the log lines of the client's operations, up to its logLevel.
 * @param client    NULL is refused; one thread at a time
 * @param call      NULL: nobody has them any more
 * @param userdata  given to `call`
 * @param drop      called with `userdata` when the callback is replaced, the client freed or the registration refused;
 *                  may be NULL
 * @param result    receives a document of kind Features without the libraries, or the error; may be NULL
 * @return SB_OK; SB_USAGE (bad_request)
 * @since 0.1
 */
SB_API sb_code sb_client_set_log(sb_client* client, sb_log_fn call, void* userdata, sb_drop_fn drop,
                                 sb_result** result);

/**
 * Frees a client and drops its callbacks.
 * Thread: safe, when nobody uses the client any more.
 * @param client  NULL does nothing
 * @since 0.1
 */
SB_API void sb_client_free(sb_client* client);

/* -- Operations on a pipeline --------------------------------------------------------------------------------------
 * Every one can be called again with the same request: it completes what is missing, changes nothing, or says why not.
 * A refusal has written nothing. Besides the codes that are named, each can give what its ports can meet: SB_CANCELLED,
 * SB_PENDING (timed_out), SB_AUTH, SB_NOT_FOUND, SB_RATE_LIMITED, SB_TRANSIENT, SB_PROTOCOL and SB_INTERNAL.
 * Members that end in ? may be left out. Common members, where a table or this list names them:
 * | timeout? | string         | of this operation, instead of the client's; every one here and of images has it
 * | dryRun?  | bool           | give the Plan, write nothing
 * | service? | string         | may be left out where there is one
 * | adopt?   | bool           | over a value that is no tag of the track; also writes a missing record
 */

/**
 * Finds what is wrong with the pipeline before it matters.
 * | all?     | bool   | also read the registry and the sources
 * | service? | string | of this service alone
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Report, or the error; may be NULL
 * @return SB_OK; SB_USAGE where there are findings, with the Report too
 * @since 0.1
 */
SB_API sb_code sb_check(sb_client* client, const char* request_json, sb_result** result);

/**
 * Reaches every service that the pipeline names, and finds what is missing or unprotected there. Writes nothing.
 * | service? | string | of this service alone
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Report, or the error; may be NULL
 * @return SB_OK; SB_USAGE where there are findings, with the Report too
 * @since 0.1
 */
SB_API sb_code sb_doctor(sb_client* client, const char* request_json, sb_result** result);

/**
 * Promotes the snapshot of a commit into an environment or lockstep group.
 * | environment | string         | its name
 * | sha         | string         | full commit id
 * | service?    | string or list | as above; several go into one commit
 * | adopt?      | bool           | as above
 * | dryRun?     | bool           | as above
 * | wait?       | bool           | then as sb_wait() for the environment
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Receipt or Plan, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_POLICY; SB_CONFLICT; SB_NOT_FOUND if there is no image yet
 * @since 0.1
 */
SB_API sb_code sb_promote(sb_client* client, const char* request_json, sb_result** result);

/**
 * Makes or moves the preview of a pull request.
 * | pr       | number | of the pull request
 * | sha      | string | full commit id
 * | service? | string | as above
 * | adopt?   | bool   | as above
 * | dryRun?  | bool   | as above
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Receipt or Plan, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_POLICY; SB_CONFLICT; SB_NOT_FOUND if there is no image yet
 * @since 0.1
 */
SB_API sb_code sb_preview_up(sb_client* client, const char* request_json, sb_result** result);

/**
 * Removes the preview of a pull request; none there is no error.
 * | pr       | number | of the pull request
 * | service? | string | as above
 * | dryRun?  | bool   | as above
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Receipt or Plan, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_CONFLICT
 * @since 0.1
 */
SB_API sb_code sb_preview_down(sb_client* client, const char* request_json, sb_result** result);

/**
 * Removes the previews whose pull request is closed, as the source's forge says it; where it cannot say, the preview
 * stays and a warning says so.
 * | service? | string | of this service alone
 * | dryRun?  | bool   | as above
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Receipt or Plan, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_CONFLICT; SB_PROTOCOL if the source has no forge
 * @since 0.1
 */
SB_API sb_code sb_preview_prune(sb_client* client, const char* request_json, sb_result** result);

/**
 * The previews that run.
 * | service? | string | of this service alone
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the document of kind Environments, or the error; may be NULL
 * @return SB_OK; the codes of ports
 * @since 0.1
 */
SB_API sb_code sb_preview_list(sb_client* client, const char* request_json, sb_result** result);

/**
 * Judges the gates of a commit as a release would.
 * | sha       | string | full commit id
 * | gate?     | string | one gate; default: those of a release
 * | service?  | string | as above
 * | exitZero? | bool   | SB_OK whatever the verdicts are
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the GateReport, or the error; may be NULL
 * @return SB_OK; that of the release which a gate would refuse, SB_POLICY or SB_PENDING, with the GateReport too
 * @since 0.1
 */
SB_API sb_code sb_gate_show(sb_client* client, const char* request_json, sb_result** result);

/**
 * Records evidence for a gate.
 * | gate       | string | its name
 * | sha        | string | full commit id
 * | conclusion | string | "success", "failure", "cancelled", ...
 * | digest?    | string | the judged image; default: what the environment runs
 * | url?       | string | where the run can be seen
 * | summary?   | string | one line for people
 * | service?   | string | as above
 * | dryRun?    | bool   | as above
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Receipt or Plan, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_POLICY; SB_CONFLICT; SB_NOT_FOUND
 * @since 0.1
 */
SB_API sb_code sb_gate_post(sb_client* client, const char* request_json, sb_result** result);

/**
 * Releases a snapshot as a version into every environment of the release track, in one commit.
 * | version  | string | "1.2.3" or "v1.2.3"
 * | sha?     | string | full commit id, or "main"; default: what release.from runs now
 * | service? | string | as above
 * | adopt?   | bool   | as above
 * | dryRun?  | bool   | as above
 * | wait?    | bool   | then as sb_wait() for every environment of the release
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Receipt or Plan, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_POLICY if a gate did not pass; SB_CONFLICT; SB_PENDING; SB_NOT_FOUND
 * @since 0.1
 */
SB_API sb_code sb_release(sb_client* client, const char* request_json, sb_result** result);

/**
 * Takes an environment or lockstep group back to a tag that its records name.
 * | target   | string         | a lockstep group, or an environment in no group
 * | to       | string         | the tag
 * | service? | string or list | as above; several go into one commit
 * | dryRun?  | bool           | as above
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Receipt or Plan, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_POLICY; SB_CONFLICT; SB_NOT_FOUND
 * @since 0.1
 */
SB_API sb_code sb_rollback(sb_client* client, const char* request_json, sb_result** result);

/**
 * Carries out a plan if the world still gives the same one; executes nothing from the document.
 * | plan    | object | the document that a dry run gave
 * | dryRun? | bool   | as above
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Receipt or Plan, or the error; may be NULL
 * @return SB_OK; SB_CONFLICT (plan_outdated); what the planned operation gives
 * @since 0.1
 */
SB_API sb_code sb_apply(sb_client* client, const char* request_json, sb_result** result);

/**
 * Waits until the reconciler runs what an environment was promoted to, healthy and holding.
 * | environment | string | environment, lockstep group or preview
 * | service?    | string | as above
 * | for?        | string | how long it must stay healthy, default "5s"
 * | sync?       | bool   | ask for the sync where a person would have to
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Rollout, or the error; may be NULL
 * @return SB_OK; SB_PENDING (not_rolled_out), SB_POLICY (superseded), SB_NOT_FOUND (application_missing), SB_AUTH, each
 *         with the Rollout's last facts and /error too
 * @since 0.1
 */
SB_API sb_code sb_wait(sb_client* client, const char* request_json, sb_result** result);

/**
 * What every environment runs.
 * | exitCode? | bool   | SB_POLICY on drift or unfinished releases, with the Status too
 * | service?  | string | of this service alone
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Status, or the error; may be NULL
 * @return SB_OK; SB_POLICY where that was asked for
 * @since 0.1
 */
SB_API sb_code sb_status(sb_client* client, const char* request_json, sb_result** result);

/**
 * What an environment ran, newest first.
 * | environment | string | its name
 * | service?    | string | as above
 * | limit?      | number | of entries; default 20
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the History, or the error; may be NULL
 * @return SB_OK; SB_USAGE
 * @since 0.1
 */
SB_API sb_code sb_history(sb_client* client, const char* request_json, sb_result** result);

/**
 * Where the bits of one reference are and were.
 * | ref      | string | a tag, commit id, digest or version
 * | service? | string | as above
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Trace, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_NOT_FOUND
 * @since 0.1
 */
SB_API sb_code sb_trace(sb_client* client, const char* request_json, sb_result** result);

/* -- Images and first files ---------------------------------------------------------------------------------------- */

/**
 * Digest, media type and platforms of an image.
 * | ref | string | HOST/REPOSITORY:TAG or oci:FOLDER:TAG, or with @sha256:... instead of the tag
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Image, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_NOT_FOUND
 * @since 0.1
 */
SB_API sb_code sb_image_show(sb_client* client, const char* request_json, sb_result** result);

/**
 * Gives an image another tag; never moves one.
 * | source  | string | the image: a reference with a tag or a digest
 * | tag     | string | the new tag
 * | dryRun? | bool   | as above
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Receipt or Plan, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_CONFLICT (tag_exists); SB_NOT_FOUND
 * @since 0.1
 */
SB_API sb_code sb_image_tag(sb_client* client, const char* request_json, sb_result** result);

/**
 * The tags of a repository.
 * | repository | string | HOST/REPOSITORY or oci:FOLDER
 * | track?     | string | only "pull-request", "snapshot" or "release"
 * @param client        not NULL; one thread at a time
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the document of kind Images, or the error; may be NULL
 * @return SB_OK; SB_USAGE
 * @since 0.1
 */
SB_API sb_code sb_image_list(sb_client* client, const char* request_json, sb_result** result);

/**
 * Writes the first files of a GitOps repository into a folder; never overwrites one.
 * | dir     | string | the folder; made where it is missing
 * | service | string | name of the first service
 * | image   | string | HOST/REPOSITORY or oci:FOLDER
 * | source  | string | URL or folder of the source repository
 * | dryRun? | bool   | give the Plan, write nothing
 * Thread: safe.
 * @param client        may be NULL; it is not looked at
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Receipt or Plan, or the error; may be NULL
 * @return SB_OK; SB_USAGE; SB_INTERNAL with the system's reason
 * @since 0.1
 */
SB_API sb_code sb_init(sb_client* client, const char* request_json, sb_result** result);

/* -- Tags and values: no pipeline, and no client ------------------------------------------------------------------- */

/**
 * What a tag says.
 * | tag | string | such as main-<commit id>, pr-42-<commit id>, v1.2.3
 * Thread: safe.
 * @param client        may be NULL; it is not looked at
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Tag, or the error; may be NULL
 * @return SB_OK; SB_USAGE (bad_tag, bad_commit_id)
 * @since 0.1
 */
SB_API sb_code sb_tag_parse(sb_client* client, const char* request_json, sb_result** result);

/**
 * Makes a tag.
 * | track    | string | "pull-request", "snapshot" or "release"
 * | number?  | number | of the pull request
 * | sha?     | string | full commit id; not for releases
 * | version? | string | for releases
 * Thread: safe.
 * @param client        may be NULL; it is not looked at
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Tag, or the error; may be NULL
 * @return SB_OK; SB_USAGE (bad_request, bad_commit_id, bad_version)
 * @since 0.1
 */
SB_API sb_code sb_tag_format(sb_client* client, const char* request_json, sb_result** result);

/**
 * Sorts tags, oldest first; releases by precedence.
 * | tags | list of string | the tags
 * Thread: safe.
 * @param client        may be NULL; it is not looked at
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the document of kind Tags, or the error; may be NULL
 * @return SB_OK; SB_USAGE (bad_tag)
 * @since 0.1
 */
SB_API sb_code sb_tag_sort(sb_client* client, const char* request_json, sb_result** result);

/**
 * Values of a YAML file.
 * | file      | string         | on this machine
 * | paths?    | list of string | such as image.tag, images[name=web].newTag; none gives none
 * | document? | string         | N from 0, or KIND/NAME; default: the one that has the path
 * Thread: safe.
 * @param client        may be NULL; it is not looked at
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the document of kind Values, or the error; may be NULL
 * @return SB_OK; SB_USAGE with line and column; SB_NOT_FOUND (file_missing, key_missing)
 * @since 0.1
 */
SB_API sb_code sb_values_get(sb_client* client, const char* request_json, sb_result** result);

/**
 * Sets values of a YAML file and changes no other byte of it. All assignments, or none.
 * | file           | string | on this machine
 * | assignments    | list   | each "PATH=TEXT", "PATH:=JSON" or {"path": PATH, "value": ANY}
 * | create?        | bool   | insert what is missing
 * | document?      | string | N from 0, or KIND/NAME; default: the one that has the path
 * | throughAnchor? | bool   | edit a node that other places see through an alias
 * | dryRun?        | bool   | write nothing
 * Thread: safe.
 * @param client        may be NULL; it is not looked at
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Edit, or the error; may be NULL
 * @return SB_OK; SB_USAGE with line and column; SB_NOT_FOUND (file_missing, key_missing)
 * @since 0.1
 */
SB_API sb_code sb_values_set(sb_client* client, const char* request_json, sb_result** result);

/**
 * Removes keys and items from a YAML file and changes no other byte of it. All, or none.
 * | file           | string         | on this machine
 * | paths          | list of string | such as image.tag, images[name=web].newTag
 * | document?      | string         | N from 0, or KIND/NAME; default: the one that has the path
 * | throughAnchor? | bool           | edit a node that other places see through an alias
 * | dryRun?        | bool           | write nothing
 * Thread: safe.
 * @param client        may be NULL; it is not looked at
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Edit, or the error; may be NULL
 * @return SB_OK; SB_USAGE with line and column; SB_NOT_FOUND (file_missing, key_missing)
 * @since 0.1
 */
SB_API sb_code sb_values_delete(sb_client* client, const char* request_json, sb_result** result);

/**
 * Adds items to lists of a YAML file and changes no other byte of it. All, or none.
 * | file           | string | on this machine
 * | assignments    | list   | each "PATH=TEXT", "PATH:=JSON" or {"path": PATH, "value": ANY}
 * | document?      | string | N from 0, or KIND/NAME; default: the one that has the path
 * | throughAnchor? | bool   | edit a node that other places see through an alias
 * | dryRun?        | bool   | write nothing
 * Thread: safe.
 * @param client        may be NULL; it is not looked at
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives the Edit, or the error; may be NULL
 * @return SB_OK; SB_USAGE with line and column; SB_NOT_FOUND (file_missing, key_missing)
 * @since 0.1
 */
SB_API sb_code sb_values_append(sb_client* client, const char* request_json, sb_result** result);

/**
 * Edits YAML in memory and changes no byte but those of the named values. All edits in one pass, or none; every path
 * addresses the input. sb_result_bytes() has the edited file. Thread: safe.
 * | set?           | list           | each "PATH=TEXT", "PATH:=JSON" or {"path": PATH, "value": ANY}
 * | append?        | list           | items for lists, in the same form
 * | delete?        | list of string | paths
 * | create?        | bool           | `set` also inserts what is missing
 * | document?      | string         | N from 0, or KIND/NAME; default: the one that has the path
 * | throughAnchor? | bool           | edit a node that other places see through an alias
 * | file?          | string         | the name in errors and in the diff; default "values.yaml"
 * @param bytes         the file; NULL with size 0 is an empty one
 * @param size          number of bytes
 * @param request_json  as in the table; NULL is "{}", which changes nothing
 * @param result        receives the Edit and the bytes, or the error; may be NULL
 * @return SB_OK; SB_USAGE with line and column; SB_NOT_FOUND (key_missing)
 * @since 0.1
 */
SB_API sb_code sb_values_edit(const void* bytes, size_t size, const char* request_json, sb_result** result);

/**
 * Values of YAML in memory. Thread: safe.
 * | paths?    | list of string | such as image.tag, images[name=web].newTag; none gives none
 * | document? | string         | N from 0, or KIND/NAME; default: the one that has the path
 * | file?     | string         | the name in errors
 * @param bytes         the file; NULL with size 0 is an empty one
 * @param size          number of bytes
 * @param request_json  as in the table; NULL is "{}"
 * @param result        receives a document of kind Values, or the error; may be NULL
 * @return SB_OK; SB_USAGE with line and column; SB_NOT_FOUND (key_missing)
 * @since 0.1
 */
SB_API sb_code sb_values_read(const void* bytes, size_t size, const char* request_json, sb_result** result);

/* -- Custom ports --------------------------------------------------------------------------------------------------
 * A port of the pipeline answered by the caller's function. capi/README.md lists the questions of every port.
 */

/** Where a custom port puts its answer. Valid during the call of the port that it was given to. */
typedef struct sb_reply sb_reply;

/**
 * Answers one question of a port: {"port": "registry", "op": "resolve", "service": "api", "tag": "v1.2.3",
 * "deadlineMs": 299000}. The answer is given with sb_reply_json() and sb_reply_bytes(). What is not there is answered
 * by the absence of the member or of the bytes, with SB_OK.
 * @param userdata      as it was registered
 * @param request_json  valid during the call
 * @param reply         not NULL
 * @return SB_OK, or the code of an error whose document {"error": {"code": "tag_exists", "message": "..."}} was given
 */
typedef sb_code (*sb_port_fn)(void* userdata, const char* request_json, sb_reply* reply);

/**
 * Lets `call` answer for a port, for all services; questions of "source", "registry", "evidence", "changes" and
 * "releases" name the service.
 * "credentials" is asked before the configuration's `credentials` and `dockerConfig`, which are asked where it knows
 * nothing; an error of it ends the operation. A refusal, for want of memory too, changes nothing.
 * @param client    not NULL; one thread at a time
 * @param port      "gitops", "source", "registry", "evidence", "changes", "releases", "reconciler", "clock" or
 *                  "credentials"
 * @param call      NULL: the port that the configuration asks for again
 * @param userdata  given to `call`
 * @param drop      called with `userdata` when the port is replaced, the client freed or the registration refused; may
 *                  be NULL
 * @param result    receives a document of kind Features without the libraries, or the error; may be NULL
 * @return SB_OK; SB_USAGE (bad_request, bad_option)
 * @since 0.1
 */
SB_API sb_code sb_client_set_port(sb_client* client, const char* port, sb_port_fn call, void* userdata, sb_drop_fn drop,
                                  sb_result** result);

/**
 * Gives the document of the answer, or of the error. A second call replaces the first.
 * Thread: that of the call of the port.
 * @param reply  NULL is refused
 * @param json   UTF-8, copied; NULL is "{}"
 * @return SB_OK; SB_USAGE; SB_INTERNAL if memory ran out
 * @since 0.1
 */
SB_API sb_code sb_reply_json(sb_reply* reply, const char* json);

/**
 * Gives the bytes of the answer: of a file, a blob or a manifest. A second call replaces the first.
 * Thread: that of the call of the port.
 * @param reply  NULL is refused
 * @param bytes  copied; NULL with size 0 is an empty file
 * @param size   number of bytes
 * @return SB_OK; SB_USAGE; SB_INTERNAL if memory ran out
 * @since 0.1
 */
SB_API sb_code sb_reply_bytes(sb_reply* reply, const void* bytes, size_t size);

/**
 * One member of the question, for ports without a JSON library.
 * Thread: that of the call of the port.
 * @param reply    NULL gives NULL
 * @param pointer  JSON Pointer (RFC 6901), such as "/tag"; NULL gives NULL
 * @return a string's text, otherwise the value as JSON; valid during the call of the port. NULL where nothing is there
 * @since 0.1
 */
SB_API const char* sb_reply_get(sb_reply* reply, const char* pointer);

/**
 * Bytes that belong to the question: those of the new file whose change has {"input": index}.
 * Thread: safe during the call of the port.
 * @param reply  NULL gives NULL
 * @param index  from 0
 * @param size   receives the number of bytes; may be NULL
 * @return the bytes, valid during the call of the port; NULL where there is no such input
 * @since 0.1
 */
SB_API const void* sb_reply_input(const sb_reply* reply, size_t index, size_t* size);

/**
 * Whether the answer is no longer wanted: the operation was cancelled or its deadline has passed. A port that waits
 * asks this at least every 50 ms. Thread: safe during the call of the port.
 * @param reply  NULL gives 0
 * @return 1 or 0
 * @since 0.1
 */
SB_API int32_t sb_reply_cancelled(const sb_reply* reply);

#ifdef __cplusplus
}
#endif

#endif
