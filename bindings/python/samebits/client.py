"""A pipeline and its operations."""
from __future__ import annotations

import ctypes
import logging
import threading
from types import TracebackType
from typing import Any, Callable, Dict, Iterable, List, Literal, Mapping, Optional, Type, Union, overload

from . import _library
from ._bridge import Bridge
from .documents import (Environments, GateReport, History, Image, Images, Plan, Receipt, Report, Rollout, Status, Trace,
                        read)
from .errors import error_from

_LEVELS = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG, 5)
Services = Union[str, List[str], None]


class Client:
    """A pipeline and how to reach it. Making one does no input or output.

    A client is used by one thread at a time; `cancel` may be called from any. Operations that are called on the main
    thread run on a worker thread, so that Ctrl-C cancels them: the operation ends, then KeyboardInterrupt is raised.
    `ports` are plain objects by name: see `samebits.ports`. Log lines go to `logger`, by default that of "samebits".

    How what is remote is reached, as samebits.h has it at sb_client_new: `credentials` is a list with entries such as
    `{"for": "https://ghcr.io/acme", "token": ...}` or `{"for": ..., "username": ..., "password": ...}`;
    `apps` GitHub Apps, each `{"repository": "https://github.com/acme/api", "app": ..., "privateKey": PEM}`;
    `docker_config` a file's name or a dict; `git` the programs for Git, `{"environment": [f"HOME={home}"], "ssh": ["ssh"],
    "credentialHelpers": True}`; `proxy` a URL or a dict; `ca` a PEM file; `client_certificate` and `client_key` PEM files;
    `insecure` hosts without TLS; `cache` a folder for what is known of remote repositories; `signing` how commits and tags are
    signed, `{"format": "openpgp" or "ssh", "key": ...}`.
    """

    def __init__(self, gitops: Optional[str] = None, *, branch: Optional[str] = None, config: Optional[str] = None,
                 author: Optional[str] = None, message: Optional[str] = None, timeout: Optional[str] = None,
                 cache: Optional[str] = None, log_level: Optional[str] = None, logger: Optional[logging.Logger] = None,
                 ports: Optional[Mapping[str, object]] = None, credentials: Optional[List[Dict[str, str]]] = None,
                 apps: Optional[List[Dict[str, str]]] = None, docker_config: Any = None,
                 git: Optional[Dict[str, Any]] = None, proxy: Union[str, Dict[str, str], None] = None, ca: Optional[str] = None,
                 client_certificate: Optional[str] = None, client_key: Optional[str] = None,
                 insecure: Optional[List[str]] = None, signing: Optional[Dict[str, Any]] = None, **more: Any) -> None:
        self._handle: Optional[_library.Handle] = None
        self._bridges: Dict[str, Bridge] = {}
        self._logger = logger or logging.getLogger("samebits")
        self._log = _library.LOG_FUNCTION(self._take_line)
        configuration = {"gitops": gitops, "branch": branch, "config": config, "author": author, "message": message,
                         "timeout": timeout, "cache": cache, "logLevel": log_level, "credentials": credentials,
                         "apps": apps, "dockerConfig": docker_config, "git": git, "proxy": proxy, "ca": ca,
                         "clientCertificate": client_certificate, "clientKey": client_key, "insecure": insecure,
                         "signing": signing, **more}
        handle, result = _library.Handle(), _library.Handle()
        code = _library.api.sb_client_new(_library.encode(configuration), ctypes.byref(handle), ctypes.byref(result))
        answer = _library.take(code, result)
        if code != 0:
            raise error_from(answer.document)
        self._handle = handle
        self._cancel = _library.api.sb_cancel_new()
        _library.api.sb_client_set_cancel(handle, self._cancel)
        _library.api.sb_client_set_log(handle, self._log, None, None, None)
        for name, port in (ports or {}).items():
            self.set_port(name, port)

    def set_port(self, name: str, port: object) -> None:
        """Lets an object answer for a port."""
        bridge = Bridge(name, port)
        result = _library.Handle()
        code = _library.api.sb_client_set_port(self._open(), name.encode(), bridge.function, None, None,
                                                   ctypes.byref(result))
        answer = _library.take(code, result)
        if code != 0:
            raise error_from(answer.document)
        self._bridges[name] = bridge

    def cancel(self) -> None:
        """Ends the running operation, and all later ones until `reset_cancel`. From any thread."""
        _library.api.sb_cancel_fire(self._cancel if self._handle else None)

    def reset_cancel(self) -> None:
        _library.api.sb_cancel_reset(self._cancel if self._handle else None)

    def close(self) -> None:
        """Frees the client. It cannot be used afterwards."""
        handle, self._handle = self._handle, None
        if handle is not None:
            _library.api.sb_client_free(handle)
            _library.api.sb_cancel_free(self._cancel)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self.close()

    def _open(self) -> _library.Handle:
        if self._handle is None:
            raise ValueError("the client is closed")
        return self._handle

    def _take_line(self, _userdata: Optional[int], level: int, line: bytes) -> None:
        self._logger.log(_LEVELS[min(max(level, 0), len(_LEVELS) - 1)], "%s", line.decode(errors="replace"))

    def _run(self, work: Callable[[], _library.Answer]) -> _library.Answer:
        """On a worker where this is the main thread: a call into C would see Ctrl-C only after it returned."""
        if threading.current_thread() is not threading.main_thread():
            return work()
        answers: List[Union[_library.Answer, BaseException]] = []
        # Not Thread.join: before Python 3.13 a join that Ctrl-C interrupts takes the thread for ended.
        done = threading.Event()

        def act() -> None:
            try:
                answers.append(work())
            except BaseException as failure:  # pylint: disable=broad-except
                answers.append(failure)
            finally:
                done.set()

        worker = threading.Thread(target=act, name="samebits", daemon=True)
        try:
            worker.start()
            done.wait()
        except KeyboardInterrupt:
            self.cancel()
            if worker.is_alive():
                done.wait()
                self.reset_cancel()
            raise
        answer = answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _call(self, operation: str, accepted: Iterable[int] = (0,), **request: Any) -> Dict[str, Any]:
        handle = self._open()
        for bridge in self._bridges.values():
            bridge.failure = None
        answer = self._run(lambda: _library.invoke(operation, handle, request))
        if answer.code in accepted or answer.document.get("kind") != "Error":
            return answer.document
        cause = next((bridge.failure for bridge in self._bridges.values() if bridge.failure is not None), None)
        raise error_from(answer.document) from cause

    def _write(self, operation: str, **request: Any) -> Union[Receipt, Plan]:
        document = self._call(operation, **request)
        return read(Plan, {**document, "document": document}) if document["kind"] == "Plan" else read(Receipt, document)

    @overload
    def promote(self, environment: str, sha: str, *, service: Services = None, adopt: bool = False,
                dry_run: Literal[False] = ..., wait: bool = False, timeout: Optional[str] = None) -> Receipt: ...
    @overload
    def promote(self, environment: str, sha: str, *, service: Services = None, adopt: bool = False,
                dry_run: Literal[True], wait: bool = False, timeout: Optional[str] = None) -> Plan: ...
    def promote(self, environment: str, sha: str, *, service: Services = None, adopt: bool = False,
                dry_run: bool = False, wait: bool = False, timeout: Optional[str] = None) -> Union[Receipt, Plan]:
        """Promotes the snapshot of a commit into an environment or lockstep group; `wait` as its last step."""
        return self._write("promote", environment=environment, sha=sha, service=service, adopt=adopt, dryRun=dry_run,
                           wait=wait, timeout=timeout)

    @overload
    def preview_up(self, pr: int, sha: str, *, service: Optional[str] = None, adopt: bool = False,
                   dry_run: Literal[False] = ..., timeout: Optional[str] = None) -> Receipt: ...
    @overload
    def preview_up(self, pr: int, sha: str, *, service: Optional[str] = None, adopt: bool = False,
                   dry_run: Literal[True], timeout: Optional[str] = None) -> Plan: ...
    def preview_up(self, pr: int, sha: str, *, service: Optional[str] = None, adopt: bool = False,
                   dry_run: bool = False, timeout: Optional[str] = None) -> Union[Receipt, Plan]:
        """Makes or moves the preview of a pull request."""
        return self._write("preview_up", pr=pr, sha=sha, service=service, adopt=adopt, dryRun=dry_run, timeout=timeout)

    @overload
    def preview_down(self, pr: int, *, service: Optional[str] = None, dry_run: Literal[False] = ...,
                     timeout: Optional[str] = None) -> Receipt: ...
    @overload
    def preview_down(self, pr: int, *, service: Optional[str] = None, dry_run: Literal[True],
                     timeout: Optional[str] = None) -> Plan: ...
    def preview_down(self, pr: int, *, service: Optional[str] = None, dry_run: bool = False,
                     timeout: Optional[str] = None) -> Union[Receipt, Plan]:
        """Removes the preview of a pull request; none there is no error."""
        return self._write("preview_down", pr=pr, service=service, dryRun=dry_run, timeout=timeout)

    @overload
    def preview_prune(self, *, service: Optional[str] = None, dry_run: Literal[False] = ...,
                      timeout: Optional[str] = None) -> Receipt: ...
    @overload
    def preview_prune(self, *, service: Optional[str] = None, dry_run: Literal[True],
                      timeout: Optional[str] = None) -> Plan: ...
    def preview_prune(self, *, service: Optional[str] = None, dry_run: bool = False,
                      timeout: Optional[str] = None) -> Union[Receipt, Plan]:
        """Removes the previews whose pull request is closed."""
        return self._write("preview_prune", service=service, dryRun=dry_run, timeout=timeout)

    @overload
    def gate_post(self, gate: str, sha: str, conclusion: str, *, digest: Optional[str] = None,
                  url: Optional[str] = None, summary: Optional[str] = None, service: Optional[str] = None,
                  dry_run: Literal[False] = ..., timeout: Optional[str] = None) -> Receipt: ...
    @overload
    def gate_post(self, gate: str, sha: str, conclusion: str, *, digest: Optional[str] = None,
                  url: Optional[str] = None, summary: Optional[str] = None, service: Optional[str] = None,
                  dry_run: Literal[True], timeout: Optional[str] = None) -> Plan: ...
    def gate_post(self, gate: str, sha: str, conclusion: str, *, digest: Optional[str] = None,
                  url: Optional[str] = None, summary: Optional[str] = None, service: Optional[str] = None,
                  dry_run: bool = False, timeout: Optional[str] = None) -> Union[Receipt, Plan]:
        """Records evidence for a gate."""
        return self._write("gate_post", gate=gate, sha=sha, conclusion=conclusion, digest=digest, url=url,
                           summary=summary, service=service, dryRun=dry_run, timeout=timeout)

    @overload
    def release(self, version: str, *, sha: Optional[str] = None, service: Optional[str] = None, adopt: bool = False,
                dry_run: Literal[False] = ..., wait: bool = False, timeout: Optional[str] = None) -> Receipt: ...
    @overload
    def release(self, version: str, *, sha: Optional[str] = None, service: Optional[str] = None, adopt: bool = False,
                dry_run: Literal[True], wait: bool = False, timeout: Optional[str] = None) -> Plan: ...
    def release(self, version: str, *, sha: Optional[str] = None, service: Optional[str] = None, adopt: bool = False,
                dry_run: bool = False, wait: bool = False, timeout: Optional[str] = None) -> Union[Receipt, Plan]:
        """Releases a snapshot as a version into every environment of the release track, in one commit."""
        return self._write("release", version=version, sha=sha, service=service, adopt=adopt, dryRun=dry_run,
                           wait=wait, timeout=timeout)

    @overload
    def rollback(self, target: str, to: str, *, service: Services = None, dry_run: Literal[False] = ...,
                 timeout: Optional[str] = None) -> Receipt: ...
    @overload
    def rollback(self, target: str, to: str, *, service: Services = None, dry_run: Literal[True],
                 timeout: Optional[str] = None) -> Plan: ...
    def rollback(self, target: str, to: str, *, service: Services = None, dry_run: bool = False,
                 timeout: Optional[str] = None) -> Union[Receipt, Plan]:
        """Takes an environment or lockstep group back to a tag that its records name."""
        return self._write("rollback", target=target, to=to, service=service, dryRun=dry_run, timeout=timeout)

    @overload
    def image_tag(self, source: str, tag: str, *, dry_run: Literal[False] = ...,
                  timeout: Optional[str] = None) -> Receipt: ...
    @overload
    def image_tag(self, source: str, tag: str, *, dry_run: Literal[True], timeout: Optional[str] = None) -> Plan: ...
    def image_tag(self, source: str, tag: str, *, dry_run: bool = False,
                  timeout: Optional[str] = None) -> Union[Receipt, Plan]:
        """Gives an image another tag; never moves one."""
        return self._write("image_tag", source=source, tag=tag, dryRun=dry_run, timeout=timeout)

    def apply(self, plan: Plan, *, timeout: Optional[str] = None) -> Receipt:
        """Carries out a plan if the world still gives the same one."""
        return read(Receipt, self._call("apply", plan=plan.document, timeout=timeout))

    def check(self, *, all: bool = False, service: Optional[str] = None,  # pylint: disable=redefined-builtin
              timeout: Optional[str] = None) -> Report:
        """Finds what is wrong with the pipeline before it matters; good where there are no findings."""
        return read(Report, self._call("check", all=all, service=service, timeout=timeout))

    def doctor(self, *, service: Optional[str] = None, timeout: Optional[str] = None) -> Report:
        """Reaches all that the pipeline names; good where nothing is missing or unprotected there."""
        return read(Report, self._call("doctor", service=service, timeout=timeout))

    def gate_show(self, sha: str, *, gate: Optional[str] = None, service: Optional[str] = None,
                  timeout: Optional[str] = None) -> GateReport:
        """Judges the gates of a commit as a release would; raises nothing for gates that do not pass."""
        return read(GateReport, self._call("gate_show", sha=sha, gate=gate, service=service, timeout=timeout))

    def preview_list(self, *, service: Optional[str] = None, timeout: Optional[str] = None) -> Environments:
        """The previews that run."""
        return read(Environments, self._call("preview_list", service=service, timeout=timeout))

    def wait(self, environment: str, *, service: Services = None, hold: Optional[str] = None, sync: bool = False,
             timeout: Optional[str] = None) -> Rollout:
        """Waits until the reconciler runs what an environment was promoted to, healthy for `hold` ("5s").

        Raises nothing for what is not rolled out: `rolled_out` is false then and `error` says why.
        """
        request: Dict[str, Any] = {"environment": environment, "service": service, "sync": sync, "for": hold}
        return read(Rollout, self._call("wait", timeout=timeout, **request))

    def status(self, *, service: Optional[str] = None, timeout: Optional[str] = None) -> Status:
        """What every environment runs."""
        return read(Status, self._call("status", service=service, timeout=timeout))

    def history(self, environment: str, *, service: Optional[str] = None, limit: Optional[int] = None,
                timeout: Optional[str] = None) -> History:
        """What an environment ran, newest first."""
        return read(History, self._call("history", environment=environment, service=service, limit=limit, timeout=timeout))

    def trace(self, ref: str, *, service: Optional[str] = None, timeout: Optional[str] = None) -> Trace:
        """Where the bits of a tag, commit id, digest or version are and were."""
        return read(Trace, self._call("trace", ref=ref, service=service, timeout=timeout))

    def image_show(self, ref: str, *, timeout: Optional[str] = None) -> Image:
        """Digest, media type and platforms of an image."""
        return read(Image, self._call("image_show", ref=ref, timeout=timeout))

    def image_list(self, repository: str, *, track: Optional[str] = None, timeout: Optional[str] = None) -> Images:
        """The tags of a repository."""
        return read(Images, self._call("image_list", repository=repository, track=track, timeout=timeout))
