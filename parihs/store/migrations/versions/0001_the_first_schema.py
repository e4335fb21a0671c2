"""the first schema"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('study',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('fictional', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_study')),
    sa.UniqueConstraint('key', name=op.f('uq_study_key'))
    )
    op.create_table('codebook',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_codebook_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codebook')),
    sa.UniqueConstraint('study_id', 'key', name=op.f('uq_codebook_study_id_key'))
    )
    with op.batch_alter_table('codebook', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_codebook_study_id'), ['study_id'], unique=False)

    op.create_table('coder',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_coder_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coder')),
    sa.UniqueConstraint('study_id', 'key', name=op.f('uq_coder_study_id_key'))
    )
    with op.batch_alter_table('coder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coder_study_id'), ['study_id'], unique=False)

    op.create_table('event',
    sa.Column('study_id', sa.String(), nullable=True),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('verb', sa.String(), nullable=False),
    sa.Column('object_type', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('op_id', sa.String(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_event_study_id')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_event')),
    sa.UniqueConstraint('op_id', name=op.f('uq_event_op_id'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_study_id'), ['study_id'], unique=False)

    op.create_table('memo',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('target_type', sa.String(), nullable=False),
    sa.Column('target_id', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_memo_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memo'))
    )
    with op.batch_alter_table('memo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_memo_study_id'), ['study_id'], unique=False)

    op.create_table('site',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_site_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site')),
    sa.UniqueConstraint('study_id', 'key', name=op.f('uq_site_study_id_key'))
    )
    with op.batch_alter_table('site', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_site_study_id'), ['study_id'], unique=False)

    op.create_table('code',
    sa.Column('codebook_id', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['codebook_id'], ['codebook.id'], name=op.f('fk_code_codebook_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code')),
    sa.UniqueConstraint('codebook_id', 'key', name=op.f('uq_code_codebook_id_key'))
    )
    with op.batch_alter_table('code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_code_codebook_id'), ['codebook_id'], unique=False)

    op.create_table('codebook_version',
    sa.Column('codebook_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('about', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['codebook_id'], ['codebook.id'], name=op.f('fk_codebook_version_codebook_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codebook_version')),
    sa.UniqueConstraint('codebook_id', 'number', name=op.f('uq_codebook_version_codebook_id_number'))
    )
    with op.batch_alter_table('codebook_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_codebook_version_codebook_id'), ['codebook_id'], unique=False)

    op.create_table('participant',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('pseudonym', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('site_id', sa.String(), nullable=True),
    sa.Column('facilitator', sa.Boolean(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_participant_site_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_participant_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant')),
    sa.UniqueConstraint('study_id', 'pseudonym', name=op.f('uq_participant_study_id_pseudonym'))
    )
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_participant_study_id'), ['study_id'], unique=False)

    op.create_table('workshop',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('site_id', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('cycle', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_workshop_site_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_workshop_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop')),
    sa.UniqueConstraint('study_id', 'key', name=op.f('uq_workshop_study_id_key'))
    )
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_site_id'), ['site_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_workshop_study_id'), ['study_id'], unique=False)

    op.create_table('attendance',
    sa.Column('workshop_id', sa.String(), nullable=False),
    sa.Column('participant_id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_attendance_participant_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_attendance_workshop_id')),
    sa.PrimaryKeyConstraint('workshop_id', 'participant_id', name=op.f('pk_attendance'))
    )
    op.create_table('code_definition',
    sa.Column('codebook_version_id', sa.String(), nullable=False),
    sa.Column('code_id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('parent_code_id', sa.String(), nullable=True),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('when_to_use', sa.Text(), nullable=False),
    sa.Column('when_not', sa.Text(), nullable=False),
    sa.Column('example', sa.Text(), nullable=False),
    sa.Column('enabling', sa.JSON(), nullable=False),
    sa.Column('constraining', sa.JSON(), nullable=False),
    sa.Column('source', sa.JSON(), nullable=False),
    sa.Column('colour', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['code.id'], name=op.f('fk_code_definition_code_id')),
    sa.ForeignKeyConstraint(['codebook_version_id'], ['codebook_version.id'], name=op.f('fk_code_definition_codebook_version_id')),
    sa.ForeignKeyConstraint(['parent_code_id'], ['code.id'], name=op.f('fk_code_definition_parent_code_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code_definition')),
    sa.UniqueConstraint('codebook_version_id', 'code_id', name=op.f('uq_code_definition_codebook_version_id_code_id'))
    )
    with op.batch_alter_table('code_definition', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_code_definition_code_id'), ['code_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_code_definition_codebook_version_id'), ['codebook_version_id'], unique=False)

    op.create_table('recording',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('workshop_id', sa.String(), nullable=False),
    sa.Column('filename', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('n_bytes', sa.BigInteger(), nullable=False),
    sa.Column('duration_ms', sa.Integer(), nullable=False),
    sa.Column('container', sa.String(), nullable=False),
    sa.Column('codec', sa.String(), nullable=False),
    sa.Column('sample_rate', sa.Integer(), nullable=False),
    sa.Column('channels', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_recording_study_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_recording_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recording')),
    sa.UniqueConstraint('study_id', 'sha256', name=op.f('uq_recording_study_id_sha256'))
    )
    with op.batch_alter_table('recording', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recording_study_id'), ['study_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recording_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('transcript',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('workshop_id', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('recording_id', sa.String(), nullable=True),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('released', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['recording_id'], ['recording.id'], name=op.f('fk_transcript_recording_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_transcript_study_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_transcript_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transcript'))
    )
    with op.batch_alter_table('transcript', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transcript_recording_id'), ['recording_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transcript_study_id'), ['study_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transcript_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('speaker',
    sa.Column('transcript_id', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('participant_id', sa.String(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_speaker_participant_id')),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], name=op.f('fk_speaker_transcript_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speaker')),
    sa.UniqueConstraint('transcript_id', 'label', name=op.f('uq_speaker_transcript_id_label'))
    )
    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_speaker_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_speaker_transcript_id'), ['transcript_id'], unique=False)

    op.create_table('transcript_version',
    sa.Column('transcript_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('n_turns', sa.Integer(), nullable=False),
    sa.Column('n_words', sa.Integer(), nullable=False),
    sa.Column('n_chars', sa.Integer(), nullable=False),
    sa.Column('provenance', sa.JSON(), nullable=False),
    sa.Column('parent_id', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['transcript_version.id'], name=op.f('fk_transcript_version_parent_id')),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], name=op.f('fk_transcript_version_transcript_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transcript_version')),
    sa.UniqueConstraint('transcript_id', 'number', name=op.f('uq_transcript_version_transcript_id_number'))
    )
    with op.batch_alter_table('transcript_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transcript_version_transcript_id'), ['transcript_id'], unique=False)

    op.create_table('coding',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('transcript_id', sa.String(), nullable=False),
    sa.Column('version_id', sa.String(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('code_id', sa.String(), nullable=False),
    sa.Column('codebook_version_id', sa.String(), nullable=False),
    sa.Column('coder_id', sa.String(), nullable=False),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('prefix', sa.String(), nullable=False),
    sa.Column('suffix', sa.String(), nullable=False),
    sa.Column('valence', sa.String(), nullable=False),
    sa.Column('memo', sa.Text(), nullable=False),
    sa.Column('uncoded', sa.Boolean(), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['code.id'], name=op.f('fk_coding_code_id')),
    sa.ForeignKeyConstraint(['codebook_version_id'], ['codebook_version.id'], name=op.f('fk_coding_codebook_version_id')),
    sa.ForeignKeyConstraint(['coder_id'], ['coder.id'], name=op.f('fk_coding_coder_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_coding_study_id')),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], name=op.f('fk_coding_transcript_id')),
    sa.ForeignKeyConstraint(['version_id'], ['transcript_version.id'], name=op.f('fk_coding_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coding'))
    )
    with op.batch_alter_table('coding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coding_code_id'), ['code_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_coding_coder_id'), ['coder_id'], unique=False)
        batch_op.create_index('ix_coding_study_uncoded', ['study_id', 'uncoded'], unique=False)
        batch_op.create_index('ix_coding_transcript_rev', ['transcript_id', 'rev'], unique=False)
        batch_op.create_index(batch_op.f('ix_coding_version_id'), ['version_id'], unique=False)

    op.create_table('turn',
    sa.Column('version_id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('n_words', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.String(), nullable=True),
    sa.Column('start_ms', sa.Integer(), nullable=True),
    sa.Column('end_ms', sa.Integer(), nullable=True),
    sa.Column('words', sa.JSON(), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['speaker_id'], ['speaker.id'], name=op.f('fk_turn_speaker_id')),
    sa.ForeignKeyConstraint(['version_id'], ['transcript_version.id'], name=op.f('fk_turn_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_turn')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_turn_version_id_position'))
    )
    with op.batch_alter_table('turn', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_turn_speaker_id'), ['speaker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_turn_version_id'), ['version_id'], unique=False)
    _make_event_append_only()


def _make_event_append_only() -> None:
    """Refuse any change to the audit trail in the database itself, whoever asks."""
    refusal = "the audit trail is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER event_no_{change.lower()} BEFORE {change} ON event "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
            "FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()"
        )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
