"""corrected transcripts and their reviews, marks on turns, assignments and roles, training"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('code_choice',
    sa.Column('coder_id', sa.String(), nullable=False),
    sa.Column('code_id', sa.String(), nullable=False),
    sa.Column('pinned', sa.Boolean(), nullable=False),
    sa.Column('synonyms', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['code.id'], name=op.f('fk_code_choice_code_id')),
    sa.ForeignKeyConstraint(['coder_id'], ['coder.id'], name=op.f('fk_code_choice_coder_id')),
    sa.PrimaryKeyConstraint('coder_id', 'code_id', name=op.f('pk_code_choice'))
    )
    op.create_table('training_test',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('codebook_version_id', sa.String(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('excerpts', sa.JSON(), nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['codebook_version_id'], ['codebook_version.id'], name=op.f('fk_training_test_codebook_version_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_training_test_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_test'))
    )
    op.create_index(op.f('ix_training_test_study_id'), 'training_test', ['study_id'], unique=False)
    op.create_table('training_answer',
    sa.Column('test_id', sa.String(), nullable=False),
    sa.Column('coder_id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('codes', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['coder_id'], ['coder.id'], name=op.f('fk_training_answer_coder_id')),
    sa.ForeignKeyConstraint(['test_id'], ['training_test.id'], name=op.f('fk_training_answer_test_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_answer')),
    sa.UniqueConstraint('test_id', 'coder_id', 'position', name=op.f('uq_training_answer_test_id_coder_id_position'))
    )
    op.create_index(op.f('ix_training_answer_coder_id'), 'training_answer', ['coder_id'], unique=False)
    op.create_index(op.f('ix_training_answer_test_id'), 'training_answer', ['test_id'], unique=False)
    op.create_table('assignment',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('transcript_id', sa.String(), nullable=False),
    sa.Column('coder_id', sa.String(), nullable=False),
    sa.Column('assigned_by', sa.String(), nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['coder_id'], ['coder.id'], name=op.f('fk_assignment_coder_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_assignment_study_id')),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], name=op.f('fk_assignment_transcript_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment')),
    sa.UniqueConstraint('transcript_id', 'coder_id', name=op.f('uq_assignment_transcript_id_coder_id'))
    )
    op.create_index(op.f('ix_assignment_coder_id'), 'assignment', ['coder_id'], unique=False)
    op.create_index(op.f('ix_assignment_study_id'), 'assignment', ['study_id'], unique=False)
    op.create_table('voice_print',
    sa.Column('speaker_id', sa.String(), nullable=False),
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('vector', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['speaker_id'], ['speaker.id'], name=op.f('fk_voice_print_speaker_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_voice_print_study_id')),
    sa.PrimaryKeyConstraint('speaker_id', name=op.f('pk_voice_print'))
    )
    op.create_index(op.f('ix_voice_print_study_id'), 'voice_print', ['study_id'], unique=False)
    op.create_table('review_item',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('transcript_id', sa.String(), nullable=False),
    sa.Column('coding_id', sa.String(), nullable=False),
    sa.Column('from_version_id', sa.String(), nullable=False),
    sa.Column('to_version_id', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('old_start', sa.Integer(), nullable=False),
    sa.Column('old_end', sa.Integer(), nullable=False),
    sa.Column('old_quote', sa.Text(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['coding_id'], ['coding.id'], name=op.f('fk_review_item_coding_id')),
    sa.ForeignKeyConstraint(['from_version_id'], ['transcript_version.id'], name=op.f('fk_review_item_from_version_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_review_item_study_id')),
    sa.ForeignKeyConstraint(['to_version_id'], ['transcript_version.id'], name=op.f('fk_review_item_to_version_id')),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], name=op.f('fk_review_item_transcript_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_item'))
    )
    op.create_index(op.f('ix_review_item_coding_id'), 'review_item', ['coding_id'], unique=False)
    op.create_index(op.f('ix_review_item_study_id'), 'review_item', ['study_id'], unique=False)
    op.create_index('ix_review_item_transcript_decided', 'review_item', ['transcript_id', 'decided_at'], unique=False)
    op.add_column('coder', sa.Column('role', sa.String(), nullable=False, server_default="coder"))
    op.add_column('memo', sa.Column('links', sa.JSON(), nullable=False, server_default="[]"))
    op.add_column('memo', sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('recording', sa.Column('language', sa.String(), nullable=True))
    op.add_column('study', sa.Column('settings', sa.JSON(), nullable=False, server_default="{}"))
    op.add_column('turn', sa.Column('marks', sa.JSON(), nullable=False, server_default="[]"))
