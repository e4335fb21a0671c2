"""framework grid summaries, ratings of constructs per site, findings and their excerpts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('finding',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('claim', sa.Text(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_finding_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding'))
    )
    op.create_index(op.f('ix_finding_study_id'), 'finding', ['study_id'], unique=False)
    op.create_table('site_grouping',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('high', sa.JSON(), nullable=False),
    sa.Column('low', sa.JSON(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_site_grouping_study_id')),
    sa.PrimaryKeyConstraint('study_id', name=op.f('pk_site_grouping'))
    )
    op.create_table('finding_excerpt',
    sa.Column('finding_id', sa.String(), nullable=False),
    sa.Column('excerpt_id', sa.String(), nullable=False),
    sa.Column('stance', sa.String(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_finding_excerpt_finding_id')),
    sa.PrimaryKeyConstraint('finding_id', 'excerpt_id', name=op.f('pk_finding_excerpt'))
    )
    op.create_table('grid_cell',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('case_type', sa.String(), nullable=False),
    sa.Column('case_id', sa.String(), nullable=False),
    sa.Column('code_id', sa.String(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('excerpt_ids', sa.JSON(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('seen_rev', sa.Integer(), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['code.id'], name=op.f('fk_grid_cell_code_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_grid_cell_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_cell')),
    sa.UniqueConstraint('study_id', 'case_type', 'case_id', 'code_id', name=op.f('uq_grid_cell_study_id_case_type_case_id_code_id'))
    )
    op.create_table('rating',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('site_id', sa.String(), nullable=False),
    sa.Column('code_id', sa.String(), nullable=False),
    sa.Column('rater_id', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('rationale', sa.Text(), nullable=False),
    sa.Column('excerpt_ids', sa.JSON(), nullable=False),
    sa.Column('blind_value', sa.String(), nullable=True),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['code.id'], name=op.f('fk_rating_code_id')),
    sa.ForeignKeyConstraint(['rater_id'], ['coder.id'], name=op.f('fk_rating_rater_id')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_rating_site_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_rating_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rating')),
    sa.UniqueConstraint('site_id', 'code_id', 'rater_id', name=op.f('uq_rating_site_id_code_id_rater_id'))
    )
    op.create_index(op.f('ix_rating_study_id'), 'rating', ['study_id'], unique=False)
    op.create_table('site_rating',
    sa.Column('study_id', sa.String(), nullable=False),
    sa.Column('site_id', sa.String(), nullable=False),
    sa.Column('code_id', sa.String(), nullable=False),
    sa.Column('opened', sa.Boolean(), nullable=False),
    sa.Column('value', sa.String(), nullable=True),
    sa.Column('rationale', sa.Text(), nullable=False),
    sa.Column('excerpt_ids', sa.JSON(), nullable=False),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['code.id'], name=op.f('fk_site_rating_code_id')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_rating_site_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_site_rating_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_rating')),
    sa.UniqueConstraint('site_id', 'code_id', name=op.f('uq_site_rating_site_id_code_id'))
    )
    op.create_index(op.f('ix_site_rating_study_id'), 'site_rating', ['study_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
