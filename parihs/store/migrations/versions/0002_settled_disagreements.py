"""settled disagreements; history of one object without reading the whole trail"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('settlement',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('transcript_id', sa.String(), nullable=False),
    sa.Column('version_id', sa.String(), nullable=False),
    sa.Column('disagreement_id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('codings', sa.JSON(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reopened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopened_because', sa.Text(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_settlement_study_id')),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], name=op.f('fk_settlement_transcript_id')),
    sa.ForeignKeyConstraint(['version_id'], ['transcript_version.id'], name=op.f('fk_settlement_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlement'))
    )
    op.create_index('ix_settlement_study_reopened', 'settlement', ['study_id', 'reopened_at'], unique=False)
    op.create_index('ix_settlement_transcript_id', 'settlement', ['transcript_id'], unique=False)
    op.create_index('ix_settlement_version_id', 'settlement', ['version_id'], unique=False)
    op.create_index('ix_event_object', 'event', ['object_type', 'object_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
