"""codings are counted, and those of a code at a site found, from an index alone"""

from __future__ import annotations

from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

COUNTED = ['study_id', 'uncoded', 'transcript_id', 'coder_id', 'code_id']


def upgrade() -> None:
    with op.batch_alter_table('coding', schema=None) as batch_op:
        batch_op.drop_index('ix_coding_study_uncoded')
        batch_op.drop_index('ix_coding_code_id')
        batch_op.create_index('ix_coding_counted', COUNTED, unique=False)
        batch_op.create_index('ix_coding_code_transcript', ['code_id', 'transcript_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('coding', schema=None) as batch_op:
        batch_op.drop_index('ix_coding_code_transcript')
        batch_op.drop_index('ix_coding_counted')
        batch_op.create_index('ix_coding_code_id', ['code_id'], unique=False)
        batch_op.create_index('ix_coding_study_uncoded', ['study_id', 'uncoded'], unique=False)
