"""The two steps of a job: recognise what was said, then save it once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.correction import carry_over
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.media.library import path_of
from parihs.model import Recording, Transcript, TranscriptVersion, Turn
from parihs.store import Store, Transaction
from parihs.store.transcripts import save_transcript
from parihs.transcribe import from_study, runner
from parihs.transcribe.journal import Journal
from parihs.transcribe.progress import (
    Log,
    Progress,
    Reporter,
    job_folder,
    log_path,
    read_progress,
    write_progress,
)
from parihs.transcribe.settings import TranscriptionSettings

ACTOR = "transcription"
LEFT_OFF = {
    "held": "left off: the queue is paused",
    "moved": "left off: another worker has it",
    "unsure": "left off: the job database could not be reached",
}


class JobSteps:
    """Does the work of jobs for one home; every step can be run again after a crash."""

    def __init__(self, home: Home, worker: str = "") -> None:
        self.home = home
        self.store = Store(home)
        self._worker = worker

    def recognise(
        self,
        job_id: str,
        recording_id: str,
        settings: TranscriptionSettings,
        cancelled: Callable[[], bool],
    ) -> None:
        """Transcribe into the job's folder; raises as :func:`runner.transcribe` does."""
        folder, log = job_folder(self.home, job_id), Log(log_path(self.home, job_id))
        with self.store.read() as session:
            if self._saved(session, job_id, recording_id):
                # stopped in the moment it was saved, and tried again: there is nothing left to do
                return
        # the message of an earlier attempt must not outlive it
        write_progress(folder, replace(read_progress(folder), message="", hint=""))
        try:
            with self.store.read() as session:
                recording = _recording(session.get(Recording, recording_id))
                settings = from_study.completed(session, recording, settings, folder)
            verb = "begins" if not (folder / "plan.json").exists() else "goes on"
            log.write(f"{verb} (worker {self._worker})" if self._worker else verb)
            runner.transcribe(
                path_of(self.home, recording.sha256),
                folder,
                self.home.models,
                settings,
                listen=Reporter(folder, log, recording.duration_ms, settings, self._worker),
                cancelled=cancelled,
            )
        except runner.Cancelled:
            log.write(LEFT_OFF.get(getattr(cancelled, "reason", ""), "stopped"))
            raise
        except ParihsError as problem:
            self._note_failure(job_id, problem)
            raise

    def save(
        self,
        job_id: str,
        recording_id: str,
        settings: TranscriptionSettings,
        title: str | None,
        transcript_id: str | None,
    ) -> str | None:
        """Save the transcript and return its version's id; None where nobody spoke.

        Doing it twice saves once: the version remembers the job that made it.
        """
        folder = job_folder(self.home, job_id)
        try:
            with self.store.write(ACTOR) as tx:
                version_id = self._saved(tx.session, job_id, recording_id)
                if version_id is None:
                    version_id = self._save(
                        tx, job_id, recording_id, settings, title, transcript_id
                    )
                uncertain = _uncertain(tx.session, version_id)
        except ParihsError as problem:
            self._note_failure(job_id, problem)
            raise
        progress = read_progress(folder)
        write_progress(
            folder,
            replace(
                progress,
                stage="save",
                percent=100,
                done_ms=progress.total_ms,
                version_id=version_id,
                uncertain=uncertain,
                left_s=None,
                message="" if version_id else "No speech was found, so no transcript was made.",
                hint="" if version_id else "Listen to the recording; it may be silent.",
            ),
        )
        Journal(folder).clear()
        Log(log_path(self.home, job_id)).write("done")
        return version_id

    def _save(
        self,
        tx: Transaction,
        job_id: str,
        recording_id: str,
        settings: TranscriptionSettings,
        title: str | None,
        transcript_id: str | None,
    ) -> str | None:
        recording = _recording(tx.session.get(Recording, recording_id))
        parsed = runner.result(job_folder(self.home, job_id), settings)
        if not parsed.turns:
            return None
        version = save_transcript(
            tx,
            workshop_id=recording.workshop_id,
            title=title or recording.filename.rpartition(".")[0] or recording.filename,
            parsed=replace(parsed, provenance={**parsed.provenance, "job": job_id}),
            reason="transcription",
            recording_id=recording_id,
            transcript_id=transcript_id,
        )
        if version.parent_id is not None:
            carry_over(tx, tx.session.get_one(TranscriptVersion, version.parent_id), version)
        return version.id

    def _saved(self, session: Session, job_id: str, recording_id: str) -> str | None:
        query = (
            select(TranscriptVersion.id)
            .join(Transcript)
            .where(
                Transcript.recording_id == recording_id,
                TranscriptVersion.provenance["job"].as_string() == job_id,
            )
        )
        return session.scalar(query)

    def _note_failure(self, job_id: str, problem: ParihsError) -> None:
        folder = job_folder(self.home, job_id)
        progress: Progress = read_progress(folder)
        write_progress(folder, replace(progress, message=problem.message, hint=problem.hint))
        Log(log_path(self.home, job_id)).write(f"failed: {problem.message}")


def _uncertain(session: Session, version_id: str | None) -> int | None:
    """Turns of a version that somebody should listen to."""
    if version_id is None:
        return None
    query = select(Turn.marks).where(Turn.version_id == version_id)
    return sum(bool(marks) for marks in session.scalars(query))


def _recording(found: Recording | None) -> Recording:
    if found is None:
        raise ParihsError(
            "The recording of this job is no longer in the study.", "Remove the job from the list."
        )
    return found
